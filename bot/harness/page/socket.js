/** The one connection to the server. */

/** @typedef {{ error?: string, is_silent?: boolean, form?: any, [more: string]: any }} Answer */

export class Connection {
  /** @type {Map<number, (answer: Answer) => void>} */
  #waiting = new Map();
  #number = 0;
  #socket;

  /**
   * @param {(told: any) => void} onTold what happens in the chat
   * @param {() => void} onClosed
   */
  constructor(onTold, onClosed) {
    this.#socket = new WebSocket(new URL("socket", location.href.replace(/^http/, "ws")));
    this.#socket.addEventListener("message", (event) => this.#take(JSON.parse(event.data), onTold));
    this.#socket.addEventListener("close", () => this.#end(onClosed));
  }

  /** @returns {Promise<void>} when it is there */
  get opened() {
    return new Promise((done) => this.#socket.addEventListener("open", () => done(), { once: true }));
  }

  /**
   * Have something done.
   * @param {string} action
   * @param {Record<string, unknown>} [details]
   * @returns {Promise<Answer>}
   */
  ask(action, details = {}) {
    if (this.#socket.readyState !== WebSocket.OPEN) return Promise.resolve({ error: "The program has ended" });
    const id = ++this.#number;
    this.#socket.send(JSON.stringify({ ...details, do: action, id }));
    return new Promise((done) => this.#waiting.set(id, done));
  }

  /**
   * @param {any} message
   * @param {(told: any) => void} onTold
   */
  #take(message, onTold) {
    if (!("to" in message)) return onTold(message);
    this.#waiting.get(message.to)?.(message);
    this.#waiting.delete(message.to);
  }

  /** @param {() => void} onClosed */
  #end(onClosed) {
    for (const done of this.#waiting.values()) done({ error: "The program has ended" });
    this.#waiting.clear();
    onClosed();
  }
}
