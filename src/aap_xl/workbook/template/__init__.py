"""The blank workbook of a call: `build.build` is the way in."""
