import { type ReactElement, useMemo } from 'react'
import { encode } from 'uqr'

/** The quiet zone a scanner needs around a code, in modules (ISO/IEC 18004). */
const MARGIN = 4

interface QrCodeProps {
  readonly text: string
  readonly label: string
}

/** A text as a QR code: always dark on white, in every theme, which is what scanners read. */
export function QrCode({ text, label }: QrCodeProps): ReactElement {
  const { size, data } = useMemo(() => encode(text, { ecc: 'M', border: MARGIN }), [text])
  const dark = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#ffffff" />
      <path d={dark} fill="#000000" />
    </svg>
  )
}
