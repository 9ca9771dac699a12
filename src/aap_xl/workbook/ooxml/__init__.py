"""The parts of an .xlsx, edited one by one; what is not edited keeps its bytes."""
