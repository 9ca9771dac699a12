Attribute VB_Name = "xlwings"
Option Explicit
Option Private Module

'Modified copy of xlwings_custom_addin.bas of xlwings 0.37.8, for the aap_xl add-in. Differences, all of them
'listed in addin/README.md and checked by tests/test_addin.py:
'- the interpreter and every other setting come from the user's own file only: the layers that let a sheet of the
'  active workbook or a file beside it choose them are gone, and so is the search for a bare "python";
'- the workbook's folder, and the current one (python -P), are never on Python's path; no path of the workbook
'  reaches a command line, and its name is refused when it holds a character that a shell would read;
'- nothing here is a function that a cell could call, but XLPy, which takes no argument;
'- xlwings.pro, which is under another licence, is kept from being loaded (Windows);
'- embedded code, frozen executables, conda, UDF import and other Office applications are gone.

'xlwings is distributed under a BSD 3-clause license.
'
'Copyright (C) 2014-present, Zoomer Analytics LLC.
'All rights reserved.
'
'Redistribution and use in source and binary forms, with or without modification,
'are permitted provided that the following conditions are met:
'
'* Redistributions of source code must retain the above copyright notice, this
'  list of conditions and the following disclaimer.
'
'* Redistributions in binary form must reproduce the above copyright notice, this
'  list of conditions and the following disclaimer in the documentation and/or
'  other materials provided with the distribution.
'
'* Neither the name of the copyright holder nor the names of its
'  contributors may be used to endorse or promote products derived from
'  this software without specific prior written permission.
'
'THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
'ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
'WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
'DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR
'ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES
'(INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES;
'LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON
'ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT
'(INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS
'SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.

#If VBA7 Then
    #If Win64 Then
        Private Const XLPyDLLName As String = "xlwings64-0.37.8.dll"
        Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings64-0.37.8.dll" (ByRef Result As Variant, Optional ByVal Config As String = "", Optional ByVal mode As Long = 1) As Long
    #Else
        Private Const XLPyDLLName As String = "xlwings32-0.37.8.dll"
        Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings32-0.37.8.dll" (ByRef Result As Variant, Optional ByVal Config As String = "", Optional ByVal mode As Long = 1) As Long
    #End If
    Private Declare PtrSafe Function LoadLibrary Lib "KERNEL32" Alias "LoadLibraryA" (ByVal lpLibFileName As String) As Long
#Else
    Private Const XLPyDLLName As String = "xlwings32-0.37.8.dll"
    Private Declare Function XLPyDLLActivateAuto Lib "xlwings32-0.37.8.dll" (ByRef Result As Variant, Optional ByVal Config As String = "", Optional ByVal mode As Long = 1) As Long
    Private Declare Function LoadLibrary Lib "KERNEL32" Alias "LoadLibraryA" (ByVal lpLibFileName As String) As Long
#End If

Private Const XLWINGS_VERSION As String = "0.37.8"
Private Const PROJECT_NAME As String = "aap_xl"

' ---- Changed by aap_xl ----

' Runs a Python command on the active workbook. Waits is True where Python runs in the background (macOS).
Public Sub RunPython(ByVal PythonCommand As String, ByRef Waits As Boolean)
    Dim interpreter As String, PYTHONPATH As String
    CheckName ActiveWorkbook.Name
    interpreter = CheckedInterpreter()
    PYTHONPATH = SearchPath()
    #If Mac Then
        Waits = True
        Application.StatusBar = "AAP : en cours..."
        ExecuteMac PythonCommand, interpreter, PYTHONPATH
    #Else
        Waits = False
        If GetConfig("USE UDF SERVER", "False") = "True" Then
            XLPy.SetAttr XLPy.Module("xlwings._xlwindows"), "BOOK_CALLER", ActiveWorkbook
            XLPy.Exec PythonCommand
        Else
            ExecuteWindows PythonCommand, interpreter, PYTHONPATH
        End If
    #End If
End Sub

' The interpreter of the user's own file; "" when there is none.
Public Sub LireInterpreteur(ByRef chemin As String)
    #If Mac Then
        chemin = GetConfig("INTERPRETER_MAC", "")
    #Else
        chemin = GetConfig("INTERPRETER_WIN", "")
    #End If
End Sub

' What Python wrote on macOS before it ended; "" on Windows, where ExecuteWindows has already said it.
Public Sub LireJournal(ByRef journal As String)
    #If Mac Then
        On Error Resume Next
        journal = ReadFile(Environ("HOME") + "/xlwings.log")
        Kill Environ("HOME") + "/xlwings.log"
    #End If
End Sub

' A bare "python" would be looked for in the current folder first, which may be the workbook's.
Private Function CheckedInterpreter() As String
    Dim chemin As String, trouve As Boolean
    LireInterpreteur chemin
    #If Mac Then
        trouve = Left$(chemin, 1) = "/" ' Excel's sandbox may not look at the file
    #Else
        If InStr(chemin, "\") > 0 Then trouve = FileExists(chemin)
    #End If
    If Not trouve Then
        Err.Raise 1004, "AAP", "Le complément ne trouve pas Python : lancez « aap-xl addin installer » dans une invite de commandes (sur Mac : le Terminal), puis redémarrez Excel."
    End If
    CheckedInterpreter = chemin
End Function

' The workbook's name stands on a command line: characters that cmd.exe, sh or xlwings would read are refused.
Private Sub CheckName(ByVal nom As String)
    Dim i As Long, interdits As String
    interdits = "%$`|=\" & Chr(34)
    For i = 1 To Len(interdits)
        If InStr(nom, Mid$(interdits, i, 1)) > 0 Then
            Err.Raise 1004, "AAP", "Le nom du classeur contient le caractère " & Mid$(interdits, i, 1) & " : enregistrez-le sous un autre nom, puis recommencez."
        End If
    Next i
End Sub

' What xlwings.utils.prepare_sys_path reads: the workbook's folder is not added, its path is not even told. Without
' PYTHONPATH nothing follows: an empty entry would be the current folder.
Private Function SearchPath() As String
    SearchPath = GetConfig("PYTHONPATH", "")
    If SearchPath <> "" Then SearchPath = ";;;;;;" & SearchPath
    SearchPath = "false" & SearchPath
End Function

Private Sub ExecuteMac(ByVal PythonCommand As String, ByVal interpreter As String, ByVal PYTHONPATH As String)
    #If Mac Then
    Dim ParameterString As String, ExitCode As String, LOG_FILE As String

    PYTHONPATH = Replace(PYTHONPATH, "'", "\'") ' Escaping quotes

    ' Sandbox location that requires no file access confirmation
    LOG_FILE = Environ("HOME") + "/xlwings.log" '/Users/<User>/Library/Containers/com.microsoft.Excel/Data/xlwings.log

    ' Delete Log file just to make sure we don't show an old error
    On Error Resume Next
        Kill LOG_FILE
    On Error GoTo 0

    ' ParameterSting with all paramters (AppleScriptTask only accepts a single parameter)
    ParameterString = PYTHONPATH
    ParameterString = ParameterString + "|" + Chr(34) + ToPosixPath(interpreter) + Chr(34) + " -P"
    ParameterString = ParameterString + "|" + PythonCommand
    ParameterString = ParameterString + "|" + ActiveWorkbook.Name
    ParameterString = ParameterString + "|" + Left(Application.Path, Len(Application.Path) - 4)
    ParameterString = ParameterString + "|" + LOG_FILE

    On Error GoTo AppleScriptErrorHandler
        ExitCode = AppleScriptTask("xlwings-" & XLWINGS_VERSION & ".applescript", "VbaHandler", ParameterString)
    Exit Sub

AppleScriptErrorHandler:
    Err.Raise 1004, "AAP", "Excel n'a pas le droit de lancer Python : lancez « aap-xl addin installer » dans le Terminal, puis redémarrez Excel."
    #End If
End Sub

Private Sub ExecuteWindows(ByVal PythonCommand As String, ByVal PYTHON_WIN As String, ByVal PYTHONPATH As String)
    ' Call a command window and change to the directory of the Python installation or frozen executable
    ' Note: If Python is called from a different directory with the fully qualified path, pywintypesXX.dll won't be found.
    ' This seems to be a general issue with pywin32, see http://stackoverflow.com/q/7238403/918626
    Dim WaitOnReturn As Boolean: WaitOnReturn = True
    Dim WindowStyle As Integer
    Dim DriveCommand As String, RunCommand As String, LOG_FILE As String, Message As String
    Dim ExitCode As Long

    If GetConfig("SHOW CONSOLE", "False") = "True" Then WindowStyle = 1
    LOG_FILE = GetConfig("TEMP DIR", Environ("Temp")) & "\xlwings-" & CreateGUID() & ".log"

    If Left$(PYTHON_WIN, 2) Like "[A-Za-z]:" Then
        ' If Python is installed on a mapped or local drive, change to drive, then cd to path
        DriveCommand = Left$(PYTHON_WIN, 2) & " & cd """ & ParentFolder(PYTHON_WIN) & """ & "
    ElseIf Left$(PYTHON_WIN, 2) = "\\" Then
        ' If Python is installed on a UNC path, temporarily mount and activate a drive letter with pushd
        DriveCommand = "pushd """ & ParentFolder(PYTHON_WIN) & """ & "
    End If

    ' Run Python with the "-c" command line switch: add the path of the python file and run the
    ' Command as first argument, then provide the Name and "from_xl" as 2nd and 3rd arguments.
    ' Then redirect stderr to the LOG_FILE and wait for the call to return.

    ' Handle ampersands and backslashes in file paths
    PYTHONPATH = Replace(PYTHONPATH, "&", "^&")
    PYTHONPATH = Replace(PYTHONPATH, "\", "\\")

    RunCommand = Chr(34) & PYTHON_WIN & Chr(34) & " -B -P -c ""import sys;sys.modules['xlwings.pro']=None;import xlwings.utils;xlwings.utils.prepare_sys_path(\""" & PYTHONPATH & "\""); " & PythonCommand & """ "

    ExitCode = WScript.Run("cmd.exe /C " & DriveCommand & _
                       RunCommand & _
                       " --wb=" & """" & ActiveWorkbook.Name & """ --from_xl=1" & " --app=" & Chr(34) & _
                       Application.Path & "\" & Application.Name & Chr(34) & " --hwnd=" & Chr(34) & Application.Hwnd & Chr(34) & _
                       " 2> """ & LOG_FILE & """ ", _
                       WindowStyle, WaitOnReturn)

    On Error Resume Next
        If ExitCode <> 0 Then Message = ReadFile(LOG_FILE)
        Kill LOG_FILE
    On Error GoTo 0
    If ExitCode <> 0 Then
        Err.Raise 1004, "AAP", "Python s'est arrêté sans finir. Si cela se reproduit, transmettez ce texte à la personne qui a installé le complément :" & vbCrLf & vbCrLf & Message
    End If
End Sub

Private Function XLPyCommand() As String
    Dim PYTHON_WIN As String, PYTHONPATH As String, tail As String, ConsoleSwitch As String

    ' Escaping backslashes and quotes
    PYTHONPATH = SearchPath()
    PYTHONPATH = Replace(PYTHONPATH, "\", "\\")
    PYTHONPATH = Replace(PYTHONPATH, "'", "\'")
    PYTHONPATH = Replace(PYTHONPATH, "&", "^&")

    ' /showconsole is a fictitious command line switch that's ignored by cmd.exe but used by CreateProcessA in the dll
    ' It's the only setting that's sent over like this at the moment
    If GetConfig("SHOW CONSOLE", "False") = "True" Then ConsoleSwitch = "/showconsole"

    PYTHON_WIN = "cmd.exe " & ConsoleSwitch & " /K " & Chr(34) & Chr(34) & CheckedInterpreter() & Chr(34)
    ' Spaces in path of python.exe require quote around path AND quotes around whole command, see:
    ' https://stackoverflow.com/questions/6376113/how-do-i-use-spaces-in-the-command-prompt
    tail = " -B -P -c ""import sys;sys.modules['xlwings.pro']=None;import xlwings.utils;xlwings.utils.prepare_sys_path(\""" & PYTHONPATH & "\"");import xlwings; xlwings.serve('$(CLSID)')"""
    XLPyCommand = PYTHON_WIN & tail & Chr(34)
End Function

Private Sub XLPyLoadDLL()
    Dim PYTHON_WIN As String
    PYTHON_WIN = CheckedInterpreter()
    If LoadLibrary(ParentFolder(PYTHON_WIN) + "\" + XLPyDLLName) = 0 Then  ' Standard installation
        If LoadLibrary(ParentFolder(ParentFolder(PYTHON_WIN)) + "\" + XLPyDLLName) = 0 Then  ' Virtualenv
            Err.Raise 1, Description:="Le fichier " & XLPyDLLName & " manque à côté de Python : lancez « aap-xl addin installer », puis redémarrez Excel."
        End If
    End If
End Sub

' A setting of the user's own file, or the default: no other place is read.
Private Function GetConfig(ByVal configKey As String, ByVal default As String) As String
    Dim configValue As String
    GetConfig = default
    If FileExists(GetConfigFilePath()) Then
        If GetConfigFromFile(GetConfigFilePath(), configKey, configValue) Then GetConfig = configValue
    End If
    GetConfig = ExpandEnvironmentStrings(GetConfig)
End Function

' ---- As in xlwings, private but for XLPy, which the worksheet functions call ----

Public Function XLPy()
    XLPyLoadDLL
    If 0 <> XLPyDLLActivateAuto(XLPy, XLPyCommand, 1) Then Err.Raise 1000, Description:=XLPy
End Function

Private Function GetConfigFilePath() As String
    #If Mac Then
        ' ~/Library/Containers/com.microsoft.Excel/Data/xlwings.conf
        GetConfigFilePath = GetMacDir("$HOME", False) & "/" & PROJECT_NAME & ".conf"
    #Else
        GetConfigFilePath = Environ("USERPROFILE") & "\." & PROJECT_NAME & "\" & PROJECT_NAME & ".conf"
    #End If
End Function

Private Function GetConfigFromFile(sFile As String, sName As String, Optional sValue As String) As Boolean
'Based on http://peltiertech.com/save-retrieve-information-text-files/

  Dim iFileNum As Long, lErrLast As Long
  Dim sVarName As String, sVarValue As String


  ' assume false unless variable is found
  GetConfigFromFile = False

  ' open text file to read settings
  If FileExists(sFile) Then
    iFileNum = FreeFile
    Open sFile For Input As iFileNum
      Do While Not EOF(iFileNum)
        Input #iFileNum, sVarName, sVarValue
        If LCase(sVarName) = LCase(sName) Then
          sValue = sVarValue
          GetConfigFromFile = True
          Exit Do
        End If
      Loop
    Close #iFileNum
  End If

End Function

Private Function WScript(Optional CreateNew As Boolean) As Object
  Static Value As Object
  If CreateNew Or Value Is Nothing Then Set Value = CreateObject("WScript.Shell")
  Set WScript = Value
End Function

Private Function FileExists(ByVal FileSpec As String) As Boolean
    #If Mac Then
        FileExists = FileOrFolderExistsOnMac(FileSpec)
    #Else
        FileExists = FileExistsOnWindows(FileSpec)
    #End If
End Function

Private Function FileExistsOnWindows(ByVal FileSpec As String) As Boolean
   ' by Karl Peterson MS MVP VB
   Dim Attr As Long
   ' Guard against bad FileSpec by ignoring errors
   ' retrieving its attributes.
   On Error Resume Next
   Attr = GetAttr(FileSpec)
   If Err.Number = 0 Then
      ' No error, so something was found.
      ' If Directory attribute set, then not a file.
      FileExistsOnWindows = Not ((Attr And vbDirectory) = vbDirectory)
   End If
End Function

Private Function FileOrFolderExistsOnMac(FileOrFolderstr As String) As Boolean
'Ron de Bruin : 26-June-2015
'Function to test whether a file or folder exist on a Mac in office 2011 and up
'Uses AppleScript to avoid the problem with long names in Office 2011,
'limit is max 32 characters including the extension in 2011.
    Dim ScriptToCheckFileFolder As String
    Dim TestStr As String
    
    #If Mac Then
    If Val(Application.VERSION) < 15 Then
        ScriptToCheckFileFolder = "tell application " & Chr(34) & "System Events" & Chr(34) & _
         "to return exists disk item (" & Chr(34) & FileOrFolderstr & Chr(34) & " as string)"
        FileOrFolderExistsOnMac = MacScript(ScriptToCheckFileFolder)
    Else
        On Error Resume Next
        TestStr = Dir(FileOrFolderstr, vbDirectory)
        On Error GoTo 0
        If Not TestStr = vbNullString Then FileOrFolderExistsOnMac = True
    End If
    #End If
End Function

Private Function ParentFolder(ByVal Folder)
  #If Mac Then
      ParentFolder = Left$(Folder, InStrRev(Folder, "/") - 1)
  #Else
      ParentFolder = Left$(Folder, InStrRev(Folder, "\") - 1)
  #End If
End Function

Private Function ToMacPath(PosixPath As String) As String
    ' This function transforms a Posix Path into a MacOS Path
    ' E.g. "/Users/<User>" --> "MacintoshHD:Users:<User>"
    #If Mac Then
    ToMacPath = MacScript("set mac_path to POSIX file " & Chr(34) & PosixPath & Chr(34) & " as string")
    #End If
End Function

Private Function GetMacDir(Name As String, Normalize As Boolean) As String
    #If Mac Then
        Select Case Name
            Case "$HOME"
                Name = "home folder"
            Case "$APPLICATIONS"
                Name = "applications folder"
            Case "$DOCUMENTS"
                Name = "documents folder"
            Case "$DOWNLOADS"
                Name = "downloads folder"
            Case "$DESKTOP"
                Name = "desktop folder"
            Case "$TMPDIR"
                Name = "temporary items"
        End Select
        GetMacDir = MacScript("return POSIX path of (path to " & Name & ") as string")
        If Normalize = True Then
            'Normalize Excel sandbox location
            GetMacDir = Replace(GetMacDir, "/Library/Containers/com.microsoft.Excel/Data", "")
        End If
    #Else
    #End If
End Function

Private Function ToPosixPath(ByVal MacPath As String) As String
    'This function accepts relative paths with backward and forward slashes: ActiveWorkbook & "\test"
    ' E.g. "MacintoshHD:Users:<User>" --> "/Users/<User>"

    Dim s As String
    Dim LeadingSlash As Boolean
    
    #If Mac Then
    If MacPath = "" Then
        ToPosixPath = ""
    Else
        ToPosixPath = Replace(MacPath, "\", "/")
        ToPosixPath = MacScript("return POSIX path of (" & Chr(34) & MacPath & Chr(34) & ") as string")
    End If
    #End If
End Function

Private Function ExpandEnvironmentStrings(ByVal s As String)
    ' Expand environment variables
    Dim EnvString As String
    Dim PathParts As Variant
    Dim i As Integer
    #If Mac Then
        If Left(s, 1) = "$" Then
            PathParts = Split(s, "/")
            EnvString = PathParts(0)
            ExpandEnvironmentStrings = GetMacDir(EnvString, True)
            For i = 1 To UBound(PathParts)
                If Right$(ExpandEnvironmentStrings, 1) = "/" Then
                    ExpandEnvironmentStrings = ExpandEnvironmentStrings & PathParts(i)
                Else
                    ExpandEnvironmentStrings = ExpandEnvironmentStrings & "/" & PathParts(i)
                End If
            Next i
        Else
            ExpandEnvironmentStrings = s
        End If
    #Else
        ExpandEnvironmentStrings = WScript.ExpandEnvironmentStrings(s)
    #End If
End Function

Private Function ReadFile(ByVal FileName As String)
    ' Read a text file

    Dim Content As String
    Dim Token As String
    Dim FileNum As Integer
    Dim objShell As Object
    Dim LineBreak As Variant

    #If Mac Then
        FileName = ToMacPath(FileName)
        LineBreak = vbLf
    #Else
        FileName = ExpandEnvironmentStrings(FileName)
        LineBreak = vbCrLf
    #End If

    FileNum = FreeFile
    Content = ""

    ' Read Text File
    Open FileName For Input As #FileNum
        Do While Not EOF(FileNum)
            Line Input #FileNum, Token
            Content = Content & Token & LineBreak
        Loop
    Close #FileNum

    ReadFile = Content
End Function

Private Function CreateGUID() As String
    Randomize Timer() + Application.Hwnd
    ' https://stackoverflow.com/a/46474125/918626
    Do While Len(CreateGUID) < 32
        If Len(CreateGUID) = 16 Then
            '17th character holds version information
            CreateGUID = CreateGUID & Hex$(8 + CInt(Rnd * 3))
        End If
        CreateGUID = CreateGUID & Hex$(CInt(Rnd * 15))
    Loop
    CreateGUID = Mid(CreateGUID, 1, 8) & "-" & Mid(CreateGUID, 9, 4) & "-" & Mid(CreateGUID, 13, 4) & "-" & Mid(CreateGUID, 17, 4) & "-" & Mid(CreateGUID, 21, 12)
End Function
