import { directionOf, type FigureFormat, figureText } from './figure-text.ts';

type FigureProps = FigureFormat & {
  /** The decimal as the API has it. */
  value: string | undefined;
  /** Whether colour and triangle show which way it goes. */
  isChange?: boolean;
  class?: string;
};

/** A figure: fixed places, a true minus, a dash for none. A change has a sign and a triangle besides its colour; a copy gives the plain decimal. */
export function Figure({ value, isChange, class: className, ...format }: FigureProps) {
  const direction = isChange ? directionOf(value) : 'flat';
  const text = figureText(value, isChange ? { ...format, signed: true } : format);
  const classes = ['figure', direction !== 'flat' && direction, className].filter(Boolean).join(' ');
  const copy = (event: ClipboardEvent) => {
    if (value === undefined || value === '' || String(getSelection()).trim() !== text) return;
    event.clipboardData?.setData('text/plain', value);
    event.preventDefault();
  };
  return (
    <span class={classes} onCopy={copy}>
      {direction !== 'flat' && <Triangle direction={direction} />}
      {format.trimmed && format.places !== undefined ? <Aligned value={value} format={format} text={text} /> : text}
    </span>
  );
}

// Digits stand under each other by the point: zeros at the end have their room and are not seen, parts of a share are dim.
function Aligned({ value, format, text }: { value: string | undefined; format: FigureFormat; text: string }) {
  const whole = figureText(value, { ...format, trimmed: false });
  const point = text.indexOf('.');
  return (
    <>
      {point === -1 ? text : text.slice(0, point)}
      {point !== -1 && <span class="fraction">{text.slice(point)}</span>}
      {whole.startsWith(text) && whole !== text && (
        <span class="room" aria-hidden="true">
          {whole.slice(text.length)}
        </span>
      )}
    </>
  );
}

/** A triangle that goes with a change: filled for up, open for down. The font has none. */
export function Triangle({ direction }: { direction: 'up' | 'down' }) {
  return (
    <svg class="triangle" width="8" height="8" viewBox="0 0 8 8" aria-hidden="true">
      {direction === 'up' ? (
        <path d="M4 1 7.5 7h-7z" fill="currentColor" />
      ) : (
        <path d="M1.2 1.5h5.6L4 6.4z" fill="none" stroke="currentColor" stroke-width="1.2" />
      )}
    </svg>
  );
}
