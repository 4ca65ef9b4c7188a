/** The characters of a JSON number, what stands between two of them, and what fills the last byte: four bits each. */
const SYMBOLS = '0123456789.-+e, '
const COMMA = 14
const FILLER = 15
/** No, one or several numbers of JSON (RFC 8259 section 6), and the filler. */
const NUMBERS = /^(-?(0|[1-9]\d*)(\.\d+)?(e[-+]?\d+)?(,(?=.)| ?$))*$/
/** A text in JSON, or the characters of a number outside of one. */
const TEXT_OR_NUMBER = /("(?:[^"\\]|\\.)*")|-?\d[-+.\deE]*/g
/** No JSON holds this character as it is. */
const MARK = '\0'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39
const UPPER_E = 0x45

/** Byte of a character in a number → its symbol; of anything else 255. */
const SYMBOL_OF: Uint8Array = /* @__PURE__ */ createSymbols()

function createSymbols(): Uint8Array {
  const symbols = new Uint8Array(256).fill(255)
  for (let symbol = 0; symbol < COMMA; symbol += 1) symbols[SYMBOLS.charCodeAt(symbol)] = symbol
  return symbols
}

/**
 * All numbers of a JSON text outside of its texts, in order, four bits a character (`0`-`9`, `.`, `-`, `+`, `e`, and `,`
 * between two), high half first: what message 108 carries of a state.
 *
 * @param json bytes of valid JSON
 * @returns `undefined` where a number has an `E`, which no symbol stands for.
 * @example packNumbers(bytes('{"x":0.5,"y":12}')) // 0a 5e 12: "0.5,12"
 */
export function packNumbers(json: Uint8Array): Uint8Array | undefined {
  // a number has at least one byte of JSON behind it, which pays for the comma
  const packed = new Uint8Array((json.length >> 1) + 1)
  let symbols = 0
  const add = (symbol: number): void => {
    const at = symbols >> 1
    packed[at] = (symbols & 1) === 0 ? (symbol << 4) | FILLER : ((packed[at] ?? 0) & 0xf0) | symbol
    symbols += 1
  }
  let isInText = false
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0
    if (byte === QUOTE) isInText = !isInText
    // what is escaped is no end of the text
    else if (isInText) at += byte === BACKSLASH ? 1 : 0
    else if (byte === MINUS || (byte >= ZERO && byte <= NINE)) {
      if (symbols > 0) add(COMMA)
      let symbol = SYMBOL_OF[byte] ?? FILLER
      while (symbol < COMMA) {
        add(symbol)
        at += 1
        symbol = SYMBOL_OF[json[at] ?? 0] ?? FILLER
      }
      if (json[at] === UPPER_E) return undefined
      at -= 1
    }
  }
  return packed.subarray(0, (symbols + 1) >> 1)
}

/** The numbers of {@link packNumbers} as text, `0.5,12`; `undefined` where these bytes are none. */
export function unpackNumbers(packed: Uint8Array): string | undefined {
  let numbers = ''
  for (const byte of packed) numbers += SYMBOLS.charAt(byte >> 4) + SYMBOLS.charAt(byte & 15)
  return NUMBERS.test(numbers) ? numbers.trimEnd() : undefined
}

/**
 * What stands before, between and behind the numbers of a JSON text.
 *
 * @example templateOf('{"x":0.5,"n":"7"}') // ['{"x":', ',"n":"7"}']
 */
export function templateOf(json: string): readonly string[] {
  return json.replace(TEXT_OR_NUMBER, (_found, text?: string) => text ?? MARK).split(MARK)
}

/**
 * The JSON text with other numbers in it; `undefined` where there are none, or not as many.
 *
 * @example fillTemplate(['{"x":', '}'], '0.25') // '{"x":0.25}'
 */
export function fillTemplate(template: readonly string[], numbers: string | undefined): string | undefined {
  const each = numbers ? numbers.split(',') : []
  return numbers !== undefined && each.length === template.length - 1
    ? template.map((part, at) => part + (each[at] ?? '')).join('')
    : undefined
}
