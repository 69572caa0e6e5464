/**
 * Passkeys: asks the browser and puts its answer into the page's own form. Everything else is an ordinary post. Loaded by
 * portico.ts, where the page has to do with passkeys and the browser knows them.
 */

const asked = document.querySelector<HTMLElement>('[data-act]')
const form = asked?.closest('form')
const field = form?.querySelector<HTMLInputElement>('[name=credential]')
const button = asked?.querySelector('button')
const trouble = asked?.querySelector<HTMLElement>('[role=alert]')
const loadedAt = performance.now()
/** The one that the server refused to know, until its page has come back to say so. */
const USED = 'portico.passkey'

/** What browsers know of Level 3; older ones lack the JSON of both ways. */
const Known = PublicKeyCredential as typeof PublicKeyCredential & {
  getClientCapabilities?(): Promise<Record<string, boolean>>
  signalUnknownCredential?(known: { rpId: string; credentialId: string }): Promise<void>
  signalAllAcceptedCredentials?(known: object): Promise<void>
  signalCurrentUserDetails?(known: object): Promise<void>
}

const bytesOf = (text: string) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
const textOf = (bytes: ArrayBuffer | null | undefined) =>
  bytes
    ? btoa(String.fromCharCode(...new Uint8Array(bytes)))
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replaceAll('=', '')
    : undefined

interface Listed {
  id: string
  type: 'public-key'
}
const listed = (list: Listed[] = []) => list.map((each) => ({ ...each, id: bytesOf(each.id) }))

const options = JSON.parse(asked?.dataset.options ?? '{}')
const isCreation = asked?.dataset.act === 'create'

const publicKey = () => {
  if (isCreation && Known.parseCreationOptionsFromJSON) return Known.parseCreationOptionsFromJSON(options)
  if (!isCreation && Known.parseRequestOptionsFromJSON) return Known.parseRequestOptionsFromJSON(options)
  return {
    ...options,
    challenge: bytesOf(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytesOf(options.user.id) } }),
    excludeCredentials: listed(options.excludeCredentials),
    allowCredentials: listed(options.allowCredentials),
  }
}

/** `toJSON()` as Level 3 §5.1.1 has it; also where a password manager's own object lacks it or fails at it. */
const jsonOf = (credential: PublicKeyCredential): string => {
  try {
    if ('toJSON' in credential) return JSON.stringify(credential.toJSON())
  } catch {}
  const response = credential.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse
  return JSON.stringify({
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    response: {
      clientDataJSON: textOf(response.clientDataJSON),
      attestationObject: textOf(response.attestationObject),
      transports: response.getTransports?.(),
      authenticatorData: isCreation ? undefined : textOf(response.authenticatorData),
      signature: textOf(response.signature),
      userHandle: textOf(response.userHandle),
    },
  })
}

/** Words for what a browser refuses: a person who closes the dialog, or lets it time out, is told softly that nothing happened. */
const WORDS: Readonly<Record<string, string>> = {
  NotAllowedError: 'cancelled',
  InvalidStateError: 'exists',
  SecurityError: 'wronghost',
}

const say = (text = '') => {
  if (!trouble) return
  trouble.textContent = text
  trouble.hidden = text === ''
}

const post = (credential: PublicKeyCredential, isUnattended: boolean) => {
  if (!form || !field || !button) return
  field.value = jsonOf(credential)
  if (!isCreation) sessionStorage.setItem(USED, credential.id)
  const also = (name: string) => {
    const input = Object.assign(document.createElement('input'), { type: 'hidden', name, value: 'on' })
    form.append(input)
  }
  if (isUnattended) also('unattended')
  // The tick stands in the form beside this one.
  if (document.querySelector<HTMLInputElement>('input[name=keep]')?.checked) also('keep')
  form.requestSubmit(button)
}

let running: AbortController | undefined

/** One ceremony at a time: autofill waits until the button is pressed, and gives way to it. */
const ask = async (mediation?: 'conditional') => {
  running?.abort()
  const mine = new AbortController()
  running = mine
  const wanted = { publicKey: publicKey(), signal: mine.signal, ...(mediation && { mediation }) }
  try {
    const credential = await (isCreation ? navigator.credentials.create(wanted) : navigator.credentials.get(wanted))
    if (credential) return post(credential as PublicKeyCredential, isCreation && mediation !== undefined)
  } catch (error) {
    const name = (error as Error).name
    // Unasked for, it fails unheard.
    if (mediation || name === 'AbortError') return
    say(asked?.dataset[WORDS[name] ?? 'unsupported'])
  }
  if (running === mine && !mediation && mayAutofill) ask('conditional')
}

const can = await (Known.getClientCapabilities?.() ?? Promise.resolve({})).catch(() => ({}) as Record<string, boolean>)
const mayAutofill =
  asked?.dataset.conditional !== undefined &&
  !isCreation &&
  (can.conditionalGet ?? (await Known.isConditionalMediationAvailable?.().catch(() => false)) ?? false)

if (form && button) {
  button.hidden = false
  for (const hint of document.querySelectorAll<HTMLElement>('[data-without-passkeys]')) hint.hidden = true
  // Back from the browser's cache: what was posted once is worth nothing now.
  addEventListener('pageshow', () => {
    if (field) field.value = ''
  })
  button.addEventListener('click', (event) => {
    event.preventDefault()
    // Password managers press buttons as soon as they see them.
    if (!event.isTrusted || performance.now() - loadedAt < 500) return
    say()
    ask()
  })
  if (mayAutofill || (isCreation && asked?.dataset.conditional !== undefined && can.conditionalCreate)) {
    ask('conditional')
  }
}

/** The server does not know the passkey that was used last: its keeper may forget it (Level 3 §5.1.10.2). */
const used = sessionStorage.getItem(USED)
sessionStorage.removeItem(USED)
if (used && document.querySelector('[data-unknown-passkey]') && options.rpId) {
  Known.signalUnknownCredential?.({ rpId: options.rpId, credentialId: used }).catch(() => {})
}

/** What is true of a person's passkeys now: those that count, and what the person is called. */
for (const { dataset } of document.querySelectorAll<HTMLElement>('[data-signal]')) {
  const { rpId, userId, allAcceptedCredentialIds, name, displayName } = JSON.parse(dataset.signal ?? '{}')
  if (!rpId) continue
  Known.signalAllAcceptedCredentials?.({ rpId, userId, allAcceptedCredentialIds }).catch(() => {})
  Known.signalCurrentUserDetails?.({ rpId, userId, name, displayName }).catch(() => {})
}

const able = document.querySelector<HTMLInputElement>('input[name=_passkeys]')
if (able && (await Known.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false))) able.value = 'yes'

export {}
