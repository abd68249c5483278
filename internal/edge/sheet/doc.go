// Package sheet writes and reads tables as people have them: CSV, and Excel
// workbooks.
//
// It owns the form: a cell that a spreadsheet would take for a formula is text, in
// UTF-8 with a byte order mark where Excel is to find it, sheets are split where
// Excel ends. It does not know what the cells mean.
//
// What is read may be in the encodings that Excel writes, is bounded in rows, cells
// and unpacked size, and is never calculated.
//
// CSV goes out as it is written. A workbook is an archive, which can only go out
// when its last row is known: until then it lies in temporary files.
package sheet
