import { BerWriter } from 'ldapts'

/** LDAP answers (RFC 4511 §4), written element by element, so that a test can write wrong ones. */
const SEQUENCE = 0x30
const SET = 0x31
const TEXT = 0x04
const CONTROLS = 0xa0

type Write = (writer: BerWriter) => void

const message = (id: number, operation: number, write: Write, controls: Write[] = []): Buffer => {
  const writer = new BerWriter()
  writer.startSequence()
  writer.writeInt(id)
  writer.startSequence(operation)
  write(writer)
  writer.endSequence()
  if (controls.length > 0) {
    writer.startSequence(CONTROLS)
    for (const control of controls) control(writer)
    writer.endSequence()
  }
  writer.endSequence()
  return Buffer.from(writer.buffer)
}

const result =
  (code: number, said: string): Write =>
  (writer) => {
    writer.writeEnumeration(code)
    writer.writeString('')
    writer.writeString(said)
  }

const control =
  (oid: string, value: Buffer): Write =>
  (writer) => {
    writer.startSequence()
    writer.writeString(oid)
    writer.writeBuffer(value, TEXT)
    writer.endSequence()
  }

/** draft-behera-ldap-password-policy-10 §6.2. */
export const policyError = (error: number): Write =>
  control('1.3.6.1.4.1.42.2.27.8.5.1', Buffer.from([0x30, 3, 0x81, 1, error]))

/** RFC 2696 §2: there is more, by this cookie. */
export const moreByCookie = (cookie: string): Write => {
  const writer = new BerWriter()
  writer.startSequence()
  writer.writeInt(0)
  writer.writeString(cookie)
  writer.endSequence()
  return control('1.2.840.113556.1.4.319', Buffer.from(writer.buffer))
}

export const bindAnswer = (id: number, code = 0, said = '', controls: Write[] = []): Buffer =>
  message(id, 0x61, result(code, said), controls)
export const searchDone = (id: number, code = 0, controls: Write[] = []): Buffer =>
  message(id, 0x65, result(code, ''), controls)
export const modifyAnswer = (id: number, code = 0, said = ''): Buffer => message(id, 0x67, result(code, said))
export const extendedAnswer = (id: number, code = 0): Buffer => message(id, 0x78, result(code, ''))
export const reference = (id: number, url: string): Buffer => message(id, 0x73, (writer) => writer.writeString(url))

export type Values = Readonly<Record<string, readonly (string | Buffer)[]>>

export const entryAnswer = (id: number, name: string, values: Values): Buffer =>
  message(id, 0x64, (writer) => {
    writer.writeString(name)
    writer.startSequence(SEQUENCE)
    for (const [type, found] of Object.entries(values)) {
      writer.startSequence(SEQUENCE)
      writer.writeString(type)
      writer.startSequence(SET)
      for (const value of found) writer.writeBuffer(Buffer.from(value as string), TEXT)
      writer.endSequence()
      writer.endSequence()
    }
    writer.endSequence()
  })
