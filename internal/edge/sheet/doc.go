// Package sheet writes tables as people open them: CSV, and Excel workbooks.
//
// It owns the form: a cell that a spreadsheet would take for a formula is text, in
// UTF-8 with a byte order mark where Excel is to find it, sheets are split where
// Excel ends. It does not know what the cells mean.
//
// CSV goes out as it is written. A workbook is an archive, which can only go out
// when its last row is known: until then it lies in temporary files.
package sheet
