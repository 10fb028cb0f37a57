/** The drawn chart: candles, volume, indicators, own orders and fills. One chart for all symbols, whose view stays where it was put. */
import {
  CandlestickSeries,
  ColorType,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IPriceLine,
  LineStyle,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import { figureText } from '../../figures/figure-text.ts';
import type { IndicatorChoice } from '../../store/indicator-choices.ts';
import type { Bar } from './candle-bars.ts';
import type { ChartColours } from './chart-colours.ts';
import { fitting } from './chart-fit.ts';
import { createChartIndicators } from './chart-indicators.ts';
import { type ChartBand, createChartLayer } from './chart-layer.ts';
import type { ValueRow } from './indicator-rows.ts';

/** A line at a price, such as an own order. */
export type ChartLine = { price: number };
/** A mark at a time, such as an own fill. */
export type ChartMark = { time: number; isBuy: boolean; text: string };

/** What the chart draws on. */
export type ChartView = {
  setBars(bars: readonly Bar[]): void;
  /** Changes the last bar, or adds one; costs the same however many there are. */
  update(bar: Bar): void;
  /** Has the lines of these indicators, without values yet. */
  setIndicators(choices: readonly IndicatorChoice[]): void;
  /** Values of all lines, oldest first; those before the first bar are left out. */
  setValues(rows: readonly ValueRow[]): void;
  /** Changes rows of all, or adds some; costs the same however many there are, unless one before the last changed. */
  updateValues(changed: readonly ValueRow[], all: readonly ValueRow[]): void;
  setLines(lines: readonly ChartLine[]): void;
  setMarks(marks: readonly ChartMark[]): void;
  /** Times without trading, in seconds; they are drawn under the candles. */
  setBands(bands: readonly ChartBand[]): void;
  setColours(colours: ChartColours): void;
  setFormat(options: {
    places: number;
    timeText: (seconds: number) => string;
    shiftSeconds: number;
    hasSeconds: boolean;
  }): void;
  /** Marks a candle with the cross. */
  point(bar: Bar): void;
  /** The price at a height of the chart; undefined outside of its prices. */
  priceAt(y: number): number | undefined;
  /** The height at which a price stands, in pixels from the top, also beyond what is seen; undefined without prices. */
  heightOf(price: number): number | undefined;
  /** Height of the prices and width of the axis at their right, in pixels. */
  size(): { height: number; axisWidth: number };
  /** Runs `place` whenever prices or times may have moved on the screen. */
  onPaint(place: () => void): void;
  remove(): void;
};

const marksMax = 500;
const timeOf = (seconds: number) => seconds as UTCTimestamp;

/** Draws a chart into an element. */
export function createChartView(element: HTMLElement): ChartView {
  const drawn = drawnIn(element);
  const { chart, candles, volume } = drawn;
  const indicators = createChartIndicators(chart);
  const markers = createSeriesMarkers(candles, []);
  const layer = createChartLayer(chart, candles);
  let lines: IPriceLine[] = [];
  let bars: Bar[] = [];
  let shift = 0;
  let colours: ChartColours | undefined;
  const showFitted = fitting(element, chart, () => bars.length);
  const moved = <Item extends { time: number }>({ time, ...rest }: Item) => ({ ...rest, time: timeOf(time + shift) });
  // Values before the first bar would be places without one, and the bars are shown by their places.
  const besideBars = (rows: readonly ValueRow[]) =>
    rows.filter(({ time }) => time >= (bars[0]?.time ?? 0)).map((row) => moved(row));
  const volumeOf = (bar: Bar) => ({
    time: timeOf(bar.time + shift),
    value: bar.volume,
    color: (bar.close >= bar.open ? colours?.upTint : colours?.downTint) ?? 'gray',
  });
  return {
    setBars(next) {
      bars = [...next];
      candles.setData(bars.map(moved));
      volume.setData(bars.map(volumeOf));
      showFitted();
    },
    update(bar) {
      const isNew = bars.at(-1)?.time !== bar.time;
      if (isNew) bars.push(bar);
      else bars[bars.length - 1] = bar;
      candles.update(moved(bar));
      volume.update(volumeOf(bar));
      if (isNew) showFitted();
    },
    setIndicators: (choices) => indicators.setChoices(choices, colours),
    setValues: (rows) => indicators.setRows(besideBars(rows)),
    updateValues: (changed, all) => indicators.update(changed.map(moved), () => besideBars(all)),
    setLines(next) {
      for (const line of lines) candles.removePriceLine(line);
      lines = next.map(({ price }) =>
        candles.createPriceLine({
          price,
          color: colours?.ticket ?? 'gray',
          axisLabelTextColor: colours?.board ?? 'black',
          lineWidth: 1,
          lineStyle: LineStyle.Solid,
          axisLabelVisible: true,
        }),
      );
    },
    setMarks(marks) {
      const shown = marks.slice(-marksMax).map(moved);
      markers.setMarkers(shown.map((mark) => markerOf(mark, colours?.ticket ?? 'gray')));
    },
    setBands(bands) {
      const fill = colours?.raised ?? 'gray';
      const shifted = bands.map(({ from, until, text }) => ({
        from: from + shift,
        until: until === undefined ? undefined : until + shift,
        text,
      }));
      layer.setBands(shifted, { fill, text: colours?.dim ?? 'black' });
    },
    setColours(next) {
      colours = next;
      paint(drawn, next);
      indicators.setColours(next);
      for (const line of lines) line.applyOptions({ color: next.ticket, axisLabelTextColor: next.board });
    },
    setFormat({ places, timeText, shiftSeconds, hasSeconds }) {
      shift = shiftSeconds;
      candles.applyOptions({ priceFormat: { type: 'price', precision: places, minMove: 10 ** -places } });
      const priceFormatter = (price: number) => figureText(price.toFixed(places));
      const timeFormatter = (time: Time) => timeText(Number(time) - shiftSeconds);
      chart.applyOptions({
        localization: { priceFormatter, timeFormatter },
        timeScale: { secondsVisible: hasSeconds },
      });
    },
    point: (bar) => chart.setCrosshairPosition(bar.close, timeOf(bar.time + shift), candles),
    // Below the prices are panes of other scales.
    priceAt: (y) => (y > chart.paneSize().height ? undefined : (candles.coordinateToPrice(y) ?? undefined)),
    heightOf: (price) => candles.priceToCoordinate(price) ?? undefined,
    size: () => ({ height: chart.paneSize().height, axisWidth: chart.priceScale('right').width() }),
    onPaint(place) {
      layer.onPaint = place;
    },
    remove: () => chart.remove(),
  };
}

function markerOf(
  { time, isBuy, text }: { time: Time; isBuy: boolean; text: string },
  color: string,
): SeriesMarker<Time> {
  return {
    time,
    position: isBuy ? 'belowBar' : 'aboveBar',
    shape: isBuy ? 'arrowUp' : 'arrowDown',
    color,
    text,
  };
}

type Drawn = ReturnType<typeof drawnIn>;

function drawnIn(element: HTMLElement) {
  const chart = createChart(element, {
    autoSize: true,
    layout: { attributionLogo: false, fontFamily: 'Archivo, sans-serif', fontSize: 11 },
    timeScale: { timeVisible: true, secondsVisible: false, rightOffset: 6, minBarSpacing: 1, borderVisible: false },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.08, bottom: 0.24 } },
    crosshair: { mode: 0 },
    localization: { locale: 'en-GB' },
  });
  const candles = chart.addSeries(CandlestickSeries, { priceLineStyle: LineStyle.Dotted });
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: '',
    priceFormat: { type: 'volume' },
    lastValueVisible: false,
    priceLineVisible: false,
  });
  volume.priceScale().applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
  return { chart, candles, volume };
}

function paint({ chart, candles }: Drawn, next: ChartColours): void {
  const grid = { color: next.rule, style: LineStyle.Dotted };
  const cross = { color: next.edge, labelBackgroundColor: next.edge };
  chart.applyOptions({
    layout: {
      background: { type: ColorType.Solid, color: next.board },
      textColor: next.dim,
      panes: { separatorColor: next.rule, separatorHoverColor: next.edge },
    },
    grid: { vertLines: grid, horzLines: grid },
    crosshair: { vertLine: cross, horzLine: cross },
  });
  // Hollow up, solid down: the two differ without colour too.
  candles.applyOptions({
    upColor: next.board,
    downColor: next.down,
    borderUpColor: next.up,
    borderDownColor: next.down,
    wickUpColor: next.up,
    wickDownColor: next.down,
    priceLineColor: next.dim,
  });
}
