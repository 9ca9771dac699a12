Attribute VB_Name = "AapDialogue"
Option Explicit
Option Private Module

' What the user reads and types: the only message boxes of the add-in.

' A message box drops what follows 1024 characters; what went wrong is told at the end.
Public Sub Dire(ByVal texte As String)
    If Len(texte) > 1000 Then texte = Left$(texte, 200) & vbLf & "..." & vbLf & Right$(texte, 750)
    MsgBox texte, vbInformation, "AAP"
End Sub

Public Sub Demander(ByVal question As String, ByRef reponse As String)
    reponse = InputBox(question, "AAP")
End Sub
