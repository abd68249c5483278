// Package text says which texts come in. What operators write for people may
// hold anything but control characters; what machines compare (codes, kinds) is
// narrow. Texts are never changed: odd but valid ones are kept as they are.
package text
