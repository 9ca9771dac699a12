Attribute VB_Name = "AapBoutons"
Option Explicit

' One public macro per button. Only Subs are public: a cell's formula cannot call a Sub.

Private mClasseur As Workbook
Private mOuvertes As String
Private mCalcul As Long

Public Sub Verifier()
    Lancer "verifier()"
End Sub

Public Sub ClasserLesSorties()
    Lancer "classer_les_sorties()"
End Sub

Public Sub ProduireLeBilan()
    Lancer "produire_le_bilan()"
End Sub

Public Sub PreparerLeComite()
    Lancer "preparer_le_comite()"
End Sub

Public Sub ConsoliderUnDossier()
    Lancer "consolider_un_dossier()"
End Sub

Public Sub PreparerLeRenvoi()
    Dim commentaire As String
    If Not ClasseurActif() Then Exit Sub
    Demander "Que dites-vous au porteur ? Ce commentaire ouvre le message et la copie annotée.", commentaire
    If Len(Trim$(commentaire)) = 0 Then
        Dire "Renvoi non préparé : le commentaire est obligatoire. Recommencez et dites au porteur ce que vous attendez."
        Exit Sub
    End If
    Lancer "preparer_le_renvoi(" & TextePython(commentaire) & ")"
End Sub

Public Sub AideDesFonctions()
    If Not ClasseurActif() Then Exit Sub
    DecrireFonctions
    Dire "L'aide des fonctions AAP est dans l'assistant d'Excel : bouton fx, catégorie AAP. Elle y reste jusqu'à la fermeture d'Excel."
End Sub

Public Sub APropos()
    Dim interpreteur As String
    LireInterpreteur interpreteur
    If interpreteur = "" Then interpreteur = "aucun ; lancez « aap-xl addin installer » dans une invite de commandes (sur Mac : le Terminal)"
    Dire "Complément AAP : " & ThisWorkbook.FullName & vbLf & "Python : " & interpreteur
End Sub

' On macOS Python runs in the background and xlwings calls this name when Python ends.
Public Sub CleanUp()
    Dim journal As String
    LireJournal journal
    Terminer
    If journal <> "" Then Dire journal
End Sub

Private Sub Lancer(ByVal appel As String)
    Dim attendre As Boolean, probleme As String
    If Not ClasseurActif() Then Exit Sub
    On Error GoTo Echec
    Set mClasseur = ActiveWorkbook
    mCalcul = Application.Calculation
    OuvrirResultats
    RunPython "from aap_xl.faces.excel import buttons; buttons." & appel, attendre
    If attendre Then Exit Sub
    Terminer
    Exit Sub
Echec:
    probleme = Err.Description
    Terminer
    Dire probleme
End Sub

Private Function ClasseurActif() As Boolean
    ClasseurActif = Not ActiveWorkbook Is Nothing
    If Not ClasseurActif Then Dire "Ouvrez d'abord un classeur de suivi (et sortez du mode protégé : « Activer la modification »)."
End Function

' What an earlier click left open, when Python never ended on macOS, stays to be protected again.
Private Sub OuvrirResultats()
    Dim noms As Variant, i As Long, feuille As Worksheet, protegee As Boolean, notre As Boolean
    Reconnaitre mClasseur, notre
    If Not notre Then Exit Sub
    noms = Split("Contrôle|Bilan", "|")
    For i = LBound(noms) To UBound(noms)
        TrouverFeuille mClasseur, noms(i), feuille
        If Not feuille Is Nothing Then
            Deproteger feuille, protegee
            If protegee Then mOuvertes = mOuvertes & "|" & noms(i)
            If feuille.ProtectContents Then Err.Raise 1004, "AAP", "La feuille « " & noms(i) & " » est protégée par un mot de passe : retirez-le (Révision > Ôter la protection), puis recommencez."
        End If
    Next i
End Sub

' Whatever happened: sheets protected again, marks as the sheet of anomalies says, Excel as it was.
Private Sub Terminer()
    Dim noms As Variant, i As Long, feuille As Worksheet
    On Error Resume Next
    Application.ScreenUpdating = False
    If Not mClasseur Is Nothing Then
        Marquer mClasseur
        noms = Split(mOuvertes, "|")
        For i = LBound(noms) + 1 To UBound(noms)
            TrouverFeuille mClasseur, noms(i), feuille
            If Not feuille Is Nothing Then Proteger feuille
        Next i
        If Application.Calculation <> mCalcul Then Application.Calculation = mCalcul
    End If
    mOuvertes = ""
    Set mClasseur = Nothing
    Application.StatusBar = False
    Application.EnableEvents = True
    Application.ScreenUpdating = True
End Sub

' A text as a Python expression made of hexadecimal digits only: nothing in it can end the expression or reach the shell.
Private Function TextePython(ByVal texte As String) As String
    Dim i As Long, code As Long, chiffres As String
    For i = 1 To Len(texte)
        code = AscW(Mid$(texte, i, 1)) And 65535
        chiffres = chiffres & Right$("0" & Hex$(code Mod 256), 2) & Right$("0" & Hex$(code \ 256), 2)
    Next i
    TextePython = "bytes.fromhex('" & chiffres & "').decode('utf-16-le', 'replace')"
End Function
