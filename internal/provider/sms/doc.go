// Package sms sends text messages to phones. Log, the only sender of this release,
// sends nothing: it shows the code in the program's log, for demonstrations and for
// trying things out. Whoever reads the log can sign in as any member.
package sms
