"""The formats that are not .xlsx, each by a pass of its own: .ods, .xls, .xlsb."""
