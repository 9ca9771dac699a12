Attribute VB_Name = "AapDialogue"
Option Explicit
Option Private Module

' What the user reads and types: the only message boxes of the add-in.

Public Sub Dire(ByVal texte As String)
    MsgBox texte, vbInformation, "AAP"
End Sub

Public Sub Demander(ByVal question As String, ByRef reponse As String)
    reponse = InputBox(question, "AAP")
End Sub
