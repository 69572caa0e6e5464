/** Shortens journeys that work without it. One module, no dependency; every part looks for its own mark in the page. */

const all = <E extends HTMLElement>(selector: string) => document.querySelectorAll<E>(selector)
const status = document.getElementById('portico-status')
/** @param isQuiet for ears only: the eye has another sign of it */
const say = (text = '', isQuiet = false) => {
  if (!status) return
  status.textContent = text
  status.classList.toggle('sr-only', isQuiet)
}

/** Show and hide what is typed as a password; hidden again before it is sent. */
for (const button of all<HTMLButtonElement>('[data-show]')) {
  const input = document.getElementById(button.getAttribute('aria-controls') ?? '') as HTMLInputElement | null
  if (!input) continue
  const show = (isShown: boolean) => {
    input.type = isShown ? 'text' : 'password'
    button.setAttribute('aria-pressed', String(isShown))
  }
  button.hidden = false
  button.addEventListener('click', () => show(input.type === 'password'))
  input.form?.addEventListener('submit', () => show(false))
}

/** The first empty field takes the focus where there is a mouse; on a touch screen it would raise the keyboard. */
const first = document.querySelector<HTMLInputElement>('[data-first]')
if (first && first.value === '' && matchMedia('(pointer: fine)').matches && document.activeElement === document.body)
  first.focus()

/** One submit at a time; a word after 400 ms, a sentence after 8 s. What is typed stays when there is no network. */
let isPending = false
for (const form of all<HTMLFormElement>('form'))
  form.addEventListener('submit', (event) => {
    if (isPending) return event.preventDefault()
    if (!navigator.onLine) {
      event.preventDefault()
      return say(status?.dataset.offline)
    }
    isPending = true
    const button = (event as SubmitEvent).submitter
    button?.setAttribute('aria-disabled', 'true')
    setTimeout(() => {
      button?.classList.add('portico-busy')
      say(status?.dataset.busy, true)
    }, 400)
    setTimeout(() => say(status?.dataset.slow), 8000)
  })

/** Back to a page from the browser's cache: its forms work again. */
addEventListener('pageshow', () => {
  isPending = false
  for (const button of all('[aria-disabled]')) {
    button.removeAttribute('aria-disabled')
    button.classList.remove('portico-busy')
  }
  say()
})

addEventListener('offline', () => say(status?.dataset.offline))
addEventListener('online', () => say())

/** Counts the wait for a new code down; the button comes at zero, and that is announced. */
for (const line of all('[data-countdown]')) {
  const until = Date.now() + Number(line.dataset.countdown) * 1000
  const clock = line.querySelector('.portico-clock')
  const button = line.parentElement?.querySelector<HTMLButtonElement>('[data-resend]')
  if (!clock || !button) continue
  button.hidden = true
  const timer = setInterval(() => {
    const left = Math.ceil((until - Date.now()) / 1000)
    if (left > 0) {
      clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
      return
    }
    clearInterval(timer)
    button.hidden = false
    line.setAttribute('role', 'status')
    line.textContent = line.dataset.now ?? ''
  }, 500)
}

/** A whole code pasted or filled in by the browser goes off by itself, once; typed digits never do. */
for (const input of all<HTMLInputElement>('[data-code]')) {
  let last = ''
  let wasSent = false
  input.addEventListener('input', (event) => {
    const type = (event as InputEvent).inputType
    const isWhole = type === 'insertFromPaste' || type === 'insertReplacementText' || (!type && last === '')
    last = input.value
    const code = /(?<!\d)(?:\d[\s-]?){5}\d(?!\d)/.exec(input.value)?.[0]
    if (!isWhole || wasSent || !code) return
    wasSent = true
    input.value = code
    input.form?.requestSubmit()
  })
}

/** The code of an SMS that comes to this very device, for this host (WebOTP); what is typed by hand ends the wait. */
type CodeBySms = (Credential & { code?: string }) | null
for (const input of all<HTMLInputElement>('[data-sms]')) {
  if (!('OTPCredential' in window)) break
  const waiting = new AbortController()
  const stop = () => waiting.abort()
  input.addEventListener('input', stop, { once: true })
  input.form?.addEventListener('submit', stop, { once: true })
  const wish = { otp: { transport: ['sms'] }, signal: waiting.signal } as CredentialRequestOptions
  navigator.credentials.get(wish).then(
    (found: CodeBySms) => {
      if (!found?.code) return
      input.value = found.code
      input.form?.requestSubmit()
    },
    // Refused, aborted or too late: the field is there to type in.
    () => undefined,
  )
}

/** A language that is picked changes the page; one that the arrow keys pass over does so on Enter or on leaving the list. */
for (const select of all<HTMLSelectElement>('[data-language]')) {
  const before = select.value
  let isByKey = false
  const button = select.parentElement?.querySelector<HTMLButtonElement>('button')
  if (!button) continue
  button.classList.add('sr-only')
  const change = () => {
    if (select.value !== before) select.form?.requestSubmit(button)
  }
  select.addEventListener('pointerdown', () => {
    isByKey = false
  })
  select.addEventListener('keydown', (event) => {
    isByKey = true
    if (event.key !== 'Enter') return
    event.preventDefault()
    change()
  })
  select.addEventListener('change', () => {
    if (!isByKey) change()
  })
  select.addEventListener('blur', change)
}

for (const button of all<HTMLButtonElement>('[data-copy]')) {
  if (!navigator.clipboard) break
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy ?? '')?.textContent ?? '')
    say(status?.dataset.copied, true)
    setTimeout(() => say(), 4000)
  })
}

/** The time of the person's own clock below the one in the log. */
for (const time of all<HTMLTimeElement>('time[data-local]')) {
  const local = document.createElement('span')
  local.className = 'portico-local'
  local.textContent = new Date(time.dateTime).toLocaleString(`${document.documentElement.lang}-u-nu-latn`, {
    dateStyle: 'long',
    timeStyle: 'short',
  })
  time.after(local)
}

/** Marks which rules a new password meets; advice only, the server decides. */
const MEETS: Readonly<Record<string, (password: string, rule: HTMLElement) => boolean>> = {
  length: (password, rule) => [...password.normalize('NFC')].length >= Number(rule.dataset.min),
  uppercase: (password) => /\p{Lu}/u.test(password),
  lowercase: (password) => /\p{Ll}/u.test(password),
  numbers: (password) => /\p{Nd}/u.test(password),
  symbols: (password) => /[^\p{L}\p{N}]/u.test(password),
}
for (const group of all('[data-password-rules]')) {
  const input = group.querySelector<HTMLInputElement>('input[type=password]')
  const rules = group.querySelectorAll<HTMLElement>('[data-check]')
  let timer: ReturnType<typeof setTimeout>
  input?.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      for (const rule of rules) {
        const isMet = MEETS[rule.dataset.check ?? '']?.(input.value, rule) ?? false
        rule.classList.toggle('passwordCheck-valid-customizable', isMet)
        rule.classList.toggle('passwordCheck-notValid-customizable', !isMet)
      }
    }, 600)
  })
}

/** The part about passkeys comes only where the page has to do with them and the browser knows them. */
const passkeys = document.querySelector<HTMLElement>('[data-passkeys]')
if (passkeys?.dataset.passkeys && 'PublicKeyCredential' in window) import(passkeys.dataset.passkeys)
