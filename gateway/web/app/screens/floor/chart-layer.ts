/** What is drawn under the candles and placed over them: times without trading as bands, and elements that stay at their prices. */
import type {
  IChartApi,
  IPrimitivePaneRenderer,
  ISeriesApi,
  ISeriesPrimitive,
  Logical,
  Time,
  UTCTimestamp,
} from 'lightweight-charts';

/** A time without trading, in seconds of the chart; without an end it goes on. */
export type ChartBand = { from: number; until: number | undefined; text: string };

/** Colours of a band. */
export type BandColours = { fill: string; text: string };

type DrawTarget = Parameters<IPrimitivePaneRenderer['draw']>[0];

type Layer = ISeriesPrimitive<Time> & {
  setBands(bands: readonly ChartBand[], colours: BandColours): void;
  /** Runs at each painting of the chart, when its prices or times may have moved. */
  onPaint: () => void;
};

const narrowestPx = 4;
const textFromPx = 56;

/** The layer of a chart and its series. */
export function createChartLayer(chart: IChartApi, series: ISeriesApi<'Candlestick'>): Layer {
  let bands: readonly ChartBand[] = [];
  let colours: BandColours = { fill: 'gray', text: 'black' };
  let requestUpdate = () => {};
  const xOf = (seconds: number): number | undefined => {
    const scale = chart.timeScale();
    const index = scale.timeToIndex(seconds as UTCTimestamp, true);
    return index === null ? undefined : (scale.logicalToCoordinate(Number(index) as Logical) ?? undefined);
  };
  const layer: Layer = {
    onPaint: () => {},
    attached: ({ requestUpdate: next }) => {
      requestUpdate = next;
    },
    setBands(next, nextColours) {
      bands = next;
      colours = nextColours;
      requestUpdate();
    },
    paneViews: () => views,
  };
  // The library takes another list for another layer.
  const views = [{ zOrder: () => 'bottom' as const, renderer: () => ({ draw }) }];
  function draw(target: DrawTarget): void {
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      for (const { from, until, text } of bands) {
        const left = xOf(from);
        if (left === undefined) continue;
        const right = until === undefined ? mediaSize.width : (xOf(until) ?? mediaSize.width);
        const place = { left, width: Math.max(narrowestPx, right - left), height: mediaSize.height };
        drawBand(context, place, text, colours);
      }
    });
    layer.onPaint();
  }
  series.attachPrimitive(layer);
  return layer;
}

type Place = { left: number; width: number; height: number };

function drawBand(
  context: CanvasRenderingContext2D,
  { left, width, height }: Place,
  text: string,
  colours: BandColours,
): void {
  context.fillStyle = colours.fill;
  context.fillRect(left, 0, width, height);
  if (width < textFromPx) return;
  context.fillStyle = colours.text;
  context.font = '11px Archivo, sans-serif';
  context.fillText(text, left + 6, height / 2, width - 8);
}
