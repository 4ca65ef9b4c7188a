/** The words of {@link Chat}, for other languages. */
export interface ChatLabels {
  /** The list's name. */
  readonly messages: string
  /** The field's name. */
  readonly message: string
  readonly placeholder: string
  readonly send: string
  /** So many UTF-16 units are left, less than none when there are too many. */
  readonly left: (count: number) => string
  /** Shown where there is no message. */
  readonly empty: string
  readonly typing: (names: readonly string[]) => string
  readonly time: (sentAt: number) => string
}

export const ENGLISH: ChatLabels = {
  messages: 'Messages',
  message: 'Message',
  placeholder: 'Message everyone in the room',
  send: 'Send',
  left: (count) => (count < 0 ? `${-count} too many` : `${count} left`),
  empty: 'No messages yet',
  typing: ([first, second, third]) => {
    if (second === undefined) return `${first} is typing`
    return third === undefined ? `${first} and ${second} are typing` : 'Several people are typing'
  },
  time: (sentAt) => new Date(sentAt).toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' }),
}
