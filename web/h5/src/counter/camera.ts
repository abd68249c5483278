/** Why there is no picture. */
export class NoCamera extends Error {
  constructor(readonly why: 'insecure' | 'denied' | 'nocamera') {
    super(why)
  }
}

type Reader = (video: HTMLVideoElement) => Promise<string>

interface Detector {
  detect(v: HTMLVideoElement): Promise<{ rawValue: string }[]>
}
interface DetectorClass {
  new (o: { formats: string[] }): Detector
  getSupportedFormats(): Promise<string[]>
}

/** ours reads QR codes where the browser can't; it is loaded only then. */
async function ours(): Promise<Reader> {
  const { default: decode } = await import('qr/decode.js')
  const canvas = document.createElement('canvas')
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  return (video) => {
    const scale = Math.min(1, 800 / Math.max(video.videoWidth, video.videoHeight, 1))
    canvas.width = Math.round(video.videoWidth * scale)
    canvas.height = Math.round(video.videoHeight * scale)
    if (!pen || canvas.width === 0) return Promise.resolve('')
    pen.drawImage(video, 0, 0, canvas.width, canvas.height)
    try {
      return Promise.resolve(decode(pen.getImageData(0, 0, canvas.width, canvas.height), { timeLimit: 60 }))
    } catch {
      return Promise.resolve('') // no code in this picture
    }
  }
}

async function theirs(): Promise<Reader | null> {
  const D = (window as { BarcodeDetector?: DetectorClass }).BarcodeDetector
  if (!D) return null
  try {
    if (!(await D.getSupportedFormats()).includes('qr_code')) return null
    const d = new D({ formats: ['qr_code'] })
    return async (video) => (await d.detect(video))[0]?.rawValue ?? ''
  } catch {
    return null
  }
}

/** preload fetches the decoder, so that it is there without network. */
export async function preload(): Promise<void> {
  if (!(await theirs())) await import('qr/decode.js')
}

/** watch shows the camera and calls found with each text that it reads, until it is stopped. */
export async function watch(video: HTMLVideoElement, found: (text: string) => void, signal: AbortSignal): Promise<void> {
  if (!window.isSecureContext || !navigator.mediaDevices) throw new NoCamera('insecure')
  let stream: MediaStream
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 } } })
  } catch (e) {
    throw new NoCamera(e instanceof DOMException && e.name === 'NotAllowedError' ? 'denied' : 'nocamera')
  }
  const stop = () => stream.getTracks().forEach((t) => t.stop())
  signal.addEventListener('abort', stop)
  if (signal.aborted) return stop()
  video.srcObject = stream
  await video.play().catch(() => undefined)
  const read = (await theirs()) ?? (await ours())
  while (!signal.aborted) {
    const text = await read(video).catch(() => '')
    if (text && !signal.aborted) found(text.trim())
    await new Promise((r) => setTimeout(r, 120))
  }
}
