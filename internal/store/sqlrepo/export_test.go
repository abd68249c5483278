package sqlrepo

// Texts calls f with every statement of the package.
func Texts(f func(name, lite, post string)) {
	for _, x := range texts {
		f(x.name, x.lite, x.post)
	}
}
