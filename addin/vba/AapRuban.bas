Attribute VB_Name = "AapRuban"
Option Explicit

' What ruban.xml calls; nothing else, so that the other modules need no Office type.

Public Sub RubanVerifier(control As IRibbonControl)
    Verifier
End Sub

Public Sub RubanClasserLesSorties(control As IRibbonControl)
    ClasserLesSorties
End Sub

Public Sub RubanProduireLeBilan(control As IRibbonControl)
    ProduireLeBilan
End Sub

Public Sub RubanPreparerLeComite(control As IRibbonControl)
    PreparerLeComite
End Sub

Public Sub RubanConsoliderUnDossier(control As IRibbonControl)
    ConsoliderUnDossier
End Sub

Public Sub RubanPreparerLeRenvoi(control As IRibbonControl)
    PreparerLeRenvoi
End Sub

Public Sub RubanFonctions(control As IRibbonControl)
    AideDesFonctions
End Sub

Public Sub RubanAPropos(control As IRibbonControl)
    APropos
End Sub
