"""The native formulas: computed columns, Budget, Tableau de bord, and the lists they look up."""
