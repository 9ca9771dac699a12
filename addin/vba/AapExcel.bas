Attribute VB_Name = "AapExcel"
Option Explicit
Option Private Module

' What only Excel's own objects can do: the options of a protection, and our conditional formats on one sheet, whose
' formula names no function because Excel wants those in the user's language.

Private Const SIGNATURE As String = "aap_xl:"

Public Sub ChercherMarques(ByVal feuille As Worksheet, ByRef marquee As Boolean)
    Dim i As Long
    marquee = False
    For i = 1 To feuille.Cells.FormatConditions.Count
        If EstMarque(feuille.Cells.FormatConditions(i)) Then marquee = True
    Next i
End Sub

Public Sub EffacerMarques(ByVal feuille As Worksheet)
    Dim i As Long
    For i = feuille.Cells.FormatConditions.Count To 1 Step -1
        If EstMarque(feuille.Cells.FormatConditions(i)) Then feuille.Cells.FormatConditions(i).Delete
    Next i
End Sub

Public Sub AjouterMarque(ByVal feuille As Worksheet, ByVal adresses As String, ByVal gravite As String)
    Dim regle As Object, fond As Long, encre As Long, cote As Variant
    fond = RGB(220, 232, 240)
    encre = RGB(27, 79, 114)
    If gravite = "bloquante" Then
        fond = RGB(248, 213, 210)
        encre = RGB(139, 26, 20)
    End If
    If gravite = "à vérifier" Then
        fond = RGB(253, 233, 196)
        encre = RGB(122, 74, 0)
    End If
    Set regle = feuille.Range(adresses).FormatConditions.Add(Type:=xlExpression, Formula1:="=""" & SIGNATURE & gravite & """<>""""")
    regle.StopIfTrue = False
    regle.Interior.Color = fond
    regle.Font.Color = encre
    For Each cote In Array(xlLeft, xlRight, xlTop, xlBottom)
        regle.Borders(cote).LineStyle = xlContinuous
        regle.Borders(cote).Color = encre
    Next cote
End Sub

' As the workbook's template protects it: columns and rows may be resized.
Public Sub Proteger(ByVal feuille As Worksheet)
    feuille.Protect DrawingObjects:=True, Contents:=True, Scenarios:=True, AllowFormattingColumns:=True, AllowFormattingRows:=True
End Sub

Private Function EstMarque(ByVal regle As Object) As Boolean
    If regle.Type = xlExpression Then EstMarque = InStr(regle.Formula1, SIGNATURE) > 0
End Function
