/** As much of a browser's XMLHttpRequest, over Node's HTTP client, as Google's gRPC-web client uses. */
import http from 'node:http';

/** Stands in for `globalThis.XMLHttpRequest`. Text grows in `responseText` while it arrives, which is what text mode is for. */
export class XhrStandIn {
  readyState = 0;
  status = 0;
  statusText = '';
  responseText = '';
  timeout = 0;
  responseType = '';
  withCredentials = false;
  onreadystatechange: (() => void) | undefined;

  readonly #headers: Record<string, string> = {};
  #url = '';
  #request: http.ClientRequest | undefined;
  #received: http.IncomingHttpHeaders = {};

  /** The body, when `responseType` is `arraybuffer`. */
  get response(): ArrayBuffer {
    return new Uint8Array(Buffer.from(this.responseText, 'latin1')).buffer;
  }

  open(_method: string, url: string): void {
    this.#url = url;
    this.#enter(1);
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }

  getAllResponseHeaders(): string {
    return Object.entries(this.#received)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
  }

  getResponseHeader(name: string): string | null {
    const value = this.#received[name.toLowerCase()];
    return value === undefined ? null : String(value);
  }

  send(body: string | Uint8Array): void {
    this.#request = http.request(this.#url, { method: 'POST', headers: this.#headers }, (response) => {
      this.status = response.statusCode ?? 0;
      this.#received = response.headers;
      this.#enter(2);
      response.setEncoding('latin1');
      response.on('data', (text: string) => {
        this.responseText += text;
        this.#enter(3);
      });
      response.on('end', () => this.#enter(4));
      response.on('error', () => this.#fail());
    });
    this.#request.on('error', () => this.#fail());
    this.#request.end(body);
  }

  abort(): void {
    this.onreadystatechange = undefined;
    this.#request?.destroy();
  }

  #fail(): void {
    if (this.readyState === 4) return;
    this.status = 0;
    this.#enter(4);
  }

  #enter(readyState: number): void {
    this.readyState = readyState;
    this.onreadystatechange?.();
  }
}
