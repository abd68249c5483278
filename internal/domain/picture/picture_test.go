package picture_test

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"quan/internal/domain/picture"
	"quan/internal/kernel/fault"
)

func sample(w, h int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.NRGBA{uint8(x), uint8(y), 200, uint8(255 - x%2*255)})
		}
	}
	return m
}

func TestPicturesAreWrittenAnew(t *testing.T) {
	var asPNG, asJPEG bytes.Buffer
	_ = png.Encode(&asPNG, sample(2160, 540))
	_ = jpeg.Encode(&asJPEG, sample(30, 2000), nil)
	for name, c := range map[string]struct {
		file []byte
		w, h int
	}{"png": {asPNG.Bytes(), 1080, 270}, "jpeg": {append(asJPEG.Bytes(), "<script>alert(1)</script>"...), 16, 1080}} {
		got, f := picture.Read(c.file)
		if f != nil {
			t.Fatalf("%s: %v", name, f)
		}
		m, kind, err := image.Decode(bytes.NewReader(got.Data))
		if err != nil || kind != "jpeg" || m.Bounds().Dx() != c.w || m.Bounds().Dy() != c.h || got.Width != c.w || got.Height != c.h || bytes.Contains(got.Data, []byte("script")) {
			t.Errorf("%s: %d×%d, %v", name, got.Width, got.Height, err)
		}
		again, _ := picture.Read(c.file)
		if again.Name != got.Name || len(got.Name) != 64 {
			t.Errorf("%s: the same file is another picture: %s, %s", name, got.Name, again.Name)
		}
	}
}

func TestFilesThatAreNoPicture(t *testing.T) {
	var asGIF, whole bytes.Buffer
	_ = gif.Encode(&asGIF, sample(5, 5), nil)
	_ = png.Encode(&whole, sample(9, 9))
	bomb := append([]byte{}, whole.Bytes()...)
	copy(bomb[16:], []byte{0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff}) // says that it has four thousand million pixels
	for name, file := range map[string][]byte{"nothing": nil, "text": []byte("<svg onload=alert(1)>"), "gif": asGIF.Bytes(), "cut": whole.Bytes()[:40], "bomb": bomb} {
		if _, f := picture.Read(file); f == nil || f.Code != fault.InvalidValue {
			t.Errorf("%s: %v", name, f)
		}
	}
	if _, f := picture.Read(make([]byte, picture.MostBytes+1)); f == nil || f.Code != fault.TooLargeBody {
		t.Errorf("too large: %v", f)
	}
}
