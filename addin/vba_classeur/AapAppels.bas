Attribute VB_Name = "AapAppels"
Option Explicit

' The buttons of this workbook: they call the add-in's macros and carry no code of their own.

Private Const NOM_COMPLEMENT As String = "aap_xl.xlam"

Public Sub Verifier()
    Lancer "Verifier"
End Sub

Public Sub ClasserLesSorties()
    Lancer "ClasserLesSorties"
End Sub

Public Sub ProduireLeBilan()
    Lancer "ProduireLeBilan"
End Sub

Public Sub PreparerLeComite()
    Lancer "PreparerLeComite"
End Sub

' Application.Run would look for an absent add-in beside this workbook and open it: only an add-in already open is called.
Private Sub Lancer(ByVal macro As String)
    If ComplementOuvert() Then
        Application.Run "'" & NOM_COMPLEMENT & "'!AapBoutons." & macro
    Else
        Avertir "Le complément AAP n'est pas ouvert dans Excel : installez-le avec « aap-xl addin installer » (voir addin/LISEZMOI.md), puis redémarrez Excel."
    End If
End Sub

Private Function ComplementOuvert() As Boolean
    Dim complement As Object
    On Error Resume Next
    Set complement = Workbooks(NOM_COMPLEMENT)
    ComplementOuvert = Not complement Is Nothing
End Function

Private Sub Avertir(ByVal texte As String)
    MsgBox texte, vbInformation, "AAP"
End Sub
