package picture

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	_ "image/png" // is read too

	"quan/internal/kernel/fault"
)

// What is taken, and what comes of it.
const (
	MostBytes  = 4 << 20
	MostPixels = 24_000_000 // of the upload: a camera's
	MostWidth  = 1080       // of what is stored
	MostHeight = 1080
	quality    = 82
)

// Picture is a JPEG of ours.
type Picture struct {
	Name          string // hex SHA-256 of Data
	Width, Height int
	Data          []byte
}

// Read takes an uploaded file and writes it anew, smaller where it is too large. The
// same file always makes the same picture. Faults: too_large, invalid_value (no picture
// that is read, or of too many pixels).
func Read(file []byte) (Picture, *fault.Fault) {
	if len(file) > MostBytes {
		return Picture{}, fault.New(fault.TooLargeBody)
	}
	// The size is read before anything is unpacked: a small file can claim a huge picture.
	head, kind, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil || kind != "jpeg" && kind != "png" || head.Width < 1 || head.Height < 1 || head.Width > MostPixels/head.Height {
		return Picture{}, fault.New(fault.InvalidValue)
	}
	from, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return Picture{}, fault.New(fault.InvalidValue)
	}
	to := shrink(flat(from))
	var out bytes.Buffer
	if err := jpeg.Encode(&out, to, &jpeg.Options{Quality: quality}); err != nil {
		return Picture{}, fault.New(fault.InvalidValue)
	}
	sum := sha256.Sum256(out.Bytes())
	return Picture{hex.EncodeToString(sum[:]), to.Bounds().Dx(), to.Bounds().Dy(), out.Bytes()}, nil
}

// flat is the picture on white, as JPEG knows no transparency.
func flat(from image.Image) *image.RGBA {
	to := image.NewRGBA(image.Rect(0, 0, from.Bounds().Dx(), from.Bounds().Dy()))
	draw.Draw(to, to.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(to, to.Bounds(), from, from.Bounds().Min, draw.Over)
	return to
}

// shrink fits a picture into the bounds: each pixel is the mean of those that it covers.
func shrink(from *image.RGBA) *image.RGBA {
	w, h := from.Bounds().Dx(), from.Bounds().Dy()
	nw, nh := w, h
	if nw > MostWidth {
		nw, nh = MostWidth, max(h*MostWidth/w, 1)
	}
	if nh > MostHeight {
		nw, nh = max(w*MostHeight/h, 1), MostHeight
	}
	if nw == w && nh == h {
		return from
	}
	to := image.NewRGBA(image.Rect(0, 0, nw, nh))
	for y := range nh {
		y0, y1 := y*h/nh, max((y+1)*h/nh, y*h/nh+1)
		for x := range nw {
			x0, x1 := x*w/nw, max((x+1)*w/nw, x*w/nw+1)
			var sum [3]int
			for sy := y0; sy < y1; sy++ {
				for sx := x0; sx < x1; sx++ {
					i := from.PixOffset(sx, sy)
					sum[0] += int(from.Pix[i])
					sum[1] += int(from.Pix[i+1])
					sum[2] += int(from.Pix[i+2])
				}
			}
			n, i := (y1-y0)*(x1-x0), to.PixOffset(x, y)
			to.Pix[i], to.Pix[i+1], to.Pix[i+2], to.Pix[i+3] = uint8(sum[0]/n), uint8(sum[1]/n), uint8(sum[2]/n), 255
		}
	}
	return to
}
