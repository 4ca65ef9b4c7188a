/** What can be wrong with a call into the provider. */
export type ProviderErrorCode = 'no-user'

/** A call that cannot work, with what to do about it. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  readonly code: ProviderErrorCode

  constructor(code: ProviderErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
