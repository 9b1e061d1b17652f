"""The other forms of the weekly report: PDF, workbook and deck, each made of the same page."""
