Attribute VB_Name = "AapMarques"
Option Explicit

' Marks on the cells listed by the sheet of anomalies: conditional formats of ours, known by their formula.

Private Const LIGNE_ENTETES As Long = 7
Private Const LONGUEUR_ADRESSES As Long = 240

Public Sub MarquerCellules()
    If Not ActiveWorkbook Is Nothing Then Marquer ActiveWorkbook
End Sub

' Takes our marks away from every sheet and puts the current ones, each cell under its gravest anomaly.
Public Sub Marquer(ByVal classeur As Workbook)
    Dim feuille As Worksheet, controle As Worksheet, lignes As Variant, nombre As Long, notre As Boolean
    Reconnaitre classeur, notre
    TrouverFeuille classeur, "Contrôle", controle
    If controle Is Nothing Or Not notre Then Exit Sub
    If Not EstControle(controle) Then Exit Sub
    LireControle controle, lignes, nombre
    For Each feuille In classeur.Worksheets
        MarquerFeuille feuille, lignes, nombre
    Next feuille
End Sub

Private Function EstControle(ByVal controle As Worksheet) As Boolean
    Dim titres As Variant, i As Long
    EstControle = True
    titres = Split("Gravité|Feuille|Cellule", "|")
    For i = LBound(titres) To UBound(titres)
        If CStr(controle.Cells(LIGNE_ENTETES, i + 1).Value) <> titres(i) Then EstControle = False
    Next i
End Function

Private Sub LireControle(ByVal controle As Worksheet, ByRef lignes As Variant, ByRef nombre As Long)
    Dim derniere As Long
    derniere = controle.Cells(controle.Rows.Count, 1).End(xlUp).Row
    nombre = derniere - LIGNE_ENTETES
    If nombre < 1 Then Exit Sub
    lignes = controle.Range(controle.Cells(LIGNE_ENTETES + 1, 1), controle.Cells(derniere, 3)).Value
End Sub

Private Sub MarquerFeuille(ByVal feuille As Worksheet, ByVal lignes As Variant, ByVal nombre As Long)
    Dim niveaux As Variant, i As Long, vues As String, groupes As New Collection, groupe As Variant
    Dim marquee As Boolean, protegee As Boolean, coupe As Long
    niveaux = Split("bloquante|à vérifier|information", "|")
    For i = LBound(niveaux) To UBound(niveaux)
        Grouper feuille.Name, niveaux(i), lignes, nombre, vues, groupes
    Next i
    ChercherMarques feuille, marquee
    If groupes.Count = 0 And Not marquee Then Exit Sub
    Deproteger feuille, protegee
    If feuille.ProtectContents Then Exit Sub
    On Error GoTo Fin ' Excel may refuse a mark (a workbook shared the old way): the sheet is protected again all the same
    EffacerMarques feuille
    For Each groupe In groupes
        coupe = InStr(groupe, ":")
        AjouterMarque feuille, Mid$(groupe, coupe + 1), Left$(groupe, coupe - 1)
    Next groupe
Fin:
    If protegee Then Proteger feuille
End Sub

' Adds "severity:A1,B2" to groupes, each short enough for Range().
Private Sub Grouper(ByVal feuille As String, ByVal niveau As String, ByVal lignes As Variant, ByVal nombre As Long, ByRef vues As String, ByVal groupes As Collection)
    Dim i As Long, adresse As String, adresses As String
    For i = 1 To nombre
        If CStr(lignes(i, 2)) = feuille And LCase$(CStr(lignes(i, 1))) = niveau Then
            adresse = CStr(lignes(i, 3))
            If EstNouvelle(vues, adresse) Then
                If Len(adresses) + Len(adresse) > LONGUEUR_ADRESSES Then
                    groupes.Add niveau & ":" & adresses
                    adresses = ""
                End If
                If adresses <> "" Then adresses = adresses & ","
                adresses = adresses & adresse
            End If
        End If
    Next i
    If adresses <> "" Then groupes.Add niveau & ":" & adresses
End Sub

' Whether it is a cell's address that vues does not hold yet; it then does.
Private Function EstNouvelle(ByRef vues As String, ByVal adresse As String) As Boolean
    EstNouvelle = adresse Like "[A-Z]*#" And InStr(vues, "|" & adresse & "|") = 0
    If EstNouvelle Then vues = vues & "|" & adresse & "|"
End Function
