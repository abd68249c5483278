package member

import "testing"

// BenchmarkKey is what every request that names a member pays.
func BenchmarkKey(b *testing.B) {
	key := []byte("a key of thirty-two bytes for it")
	v, err := NewVault(key, key, key, 1)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		v.Key("phone", "13800000000")
	}
}
