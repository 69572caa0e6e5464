import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { DirectoryFault } from './directory-fault.ts'
import { messageFrames } from './message-frames.ts'

/** For one request: more than a page of a thousand groups. */
const MOST_ANSWER_BYTES = 4 * 1024 * 1024

/**
 * Stands between a connection and the library: what is read from it comes as whole messages, one at a time, each of them checked. It
 * ends at the first that does not hold, and at an answer without end.
 */
export class CheckedSocket extends Duplex {
  /** Why it ended, where that was our decision. */
  fault: DirectoryFault | null = null
  /** The library asks whether it has to wait for a connection. */
  readonly connecting = false
  readonly readyState = 'open'

  readonly #socket: Socket
  readonly #frames = messageFrames()
  #answered = 0

  constructor(socket: Socket) {
    super({ allowHalfOpen: false, readableObjectMode: true })
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.once('close', () => this.destroy())
    socket.on('error', () => this.destroy())
    // The library listens only while it uses the connection.
    this.on('error', () => {})
    // A connection that is kept for later keeps no process alive.
    socket.unref()
  }

  #take(chunk: Buffer): void {
    try {
      this.#answered += chunk.length
      if (this.#answered > MOST_ANSWER_BYTES) throw new DirectoryFault('answer-too-large')
      for (const message of this.#frames.take(chunk)) this.push(message)
    } catch (error) {
      this.fault = error instanceof DirectoryFault ? error : new DirectoryFault('answer-malformed')
      this.destroy()
    }
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#answered = 0
    this.#socket.write(chunk, done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done())
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy()
    done(error)
  }
}
