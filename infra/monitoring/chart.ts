/** Pieces of a dashboard, as the Dashboards API takes them. Pure. */

export interface Line {
  filter: string;
  /** What the legend says; `${metric.labels.kind}` and the like are filled in. */
  legend?: string;
  aligner?: Aligner;
  reducer?: 'REDUCE_SUM' | 'REDUCE_MAX' | 'REDUCE_MEAN' | 'REDUCE_PERCENTILE_50' | 'REDUCE_PERCENTILE_95';
  groupBy?: string[];
  style?: 'LINE' | 'STACKED_AREA';
}

type Aligner = 'ALIGN_MEAN' | 'ALIGN_MAX' | 'ALIGN_RATE' | 'ALIGN_DELTA';

export interface Chart {
  title: string;
  lines: Line[];
  /** Unit of the axis, in words. */
  label?: string;
  /** A line across, at which somebody is told. */
  threshold?: number;
}

/** A chart of one or more lines. */
export function chart({ title, lines, label, threshold }: Chart) {
  return {
    title,
    xyChart: {
      dataSets: lines.map((line) => ({
        plotType: line.style ?? 'LINE',
        targetAxis: 'Y1',
        legendTemplate: line.legend ?? '',
        timeSeriesQuery: { timeSeriesFilter: { filter: line.filter, aggregation: aggregation(line) } },
      })),
      ...(threshold === undefined ? {} : { thresholds: [{ value: threshold, targetAxis: 'Y1' }] }),
      yAxis: { label: label ?? '', scale: 'LINEAR' },
    },
  };
}

/** The lines of a program's log that say that something is wrong. */
export function logPanel(title: string, filter: string, project: string) {
  return { title, logsPanel: { filter, resourceNames: [`projects/${project}`] } };
}

/** A heading over a group of charts. */
export function heading(text: string) {
  return { text: { content: `## ${text}`, format: 'MARKDOWN' } };
}

type Widget = ReturnType<typeof chart> | ReturnType<typeof logPanel> | ReturnType<typeof heading>;

const COLUMNS = 12;
const [TALL, FLAT] = [4, 1];

/** Rows of widgets that share the width. A row of one heading is flat. */
export function mosaic(rows: Widget[][]) {
  let yPos = 0;
  const tiles = rows.flatMap((row) => {
    const width = COLUMNS / row.length;
    const height = row.every((widget) => 'text' in widget) ? FLAT : TALL;
    const placed = row.map((widget, index) => ({ xPos: index * width, yPos, width, height, widget }));
    yPos += height;
    return placed;
  });
  return { columns: COLUMNS, tiles };
}

function aggregation({ aligner = 'ALIGN_MEAN', reducer, groupBy }: Line) {
  return {
    alignmentPeriod: '60s',
    perSeriesAligner: aligner,
    ...(reducer ? { crossSeriesReducer: reducer } : {}),
    ...(groupBy ? { groupByFields: groupBy } : {}),
  };
}
