Attribute VB_Name = "AapFeuilles"
Option Explicit
Option Private Module

' Sheets by name, and without their protection, which guards against slips only.

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
