Attribute VB_Name = "AapFeuilles"
Option Explicit
Option Private Module

' Our workbooks, sheets by name, and without their protection, which guards against slips only.

' Ours says so on its hidden sheet, or in its properties when that sheet is gone. Nothing of another's is touched.
Public Sub Reconnaitre(ByVal classeur As Workbook, ByRef notre As Boolean)
    Dim listes As Worksheet
    notre = False
    TrouverFeuille classeur, "Listes", listes
    If Not listes Is Nothing Then notre = CStr(listes.Range("A1").Value) = "aap_xl"
    If notre Then Exit Sub
    On Error Resume Next
    notre = CStr(classeur.CustomDocumentProperties("aap_xl_appel").Value) <> ""
End Sub

Public Sub TrouverFeuille(ByVal classeur As Workbook, ByVal nom As String, ByRef feuille As Worksheet)
    Dim candidate As Worksheet
    Set feuille = Nothing
    For Each candidate In classeur.Worksheets
        If candidate.Name = nom Then Set feuille = candidate
    Next candidate
End Sub

' A sheet with a password stays protected: the caller looks.
Public Sub Deproteger(ByVal feuille As Worksheet, ByRef protegee As Boolean)
    protegee = feuille.ProtectContents
    If Not protegee Then Exit Sub
    On Error Resume Next
    feuille.Unprotect ""
End Sub
