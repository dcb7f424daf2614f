import type { Dashboard, Panel, RowPanel } from '@grafana/schema';
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type {
  FieldConfig as TimeSeriesField,
  Options as TimeSeriesOptions,
} from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

/** A type as JSON has it: the values of an enum are strings. */
type Written<Type> = Type extends string
  ? `${Type}`
  : Type extends object
    ? { [Key in keyof Type]: Written<Type[Key]> }
    : Type;

type PanelOf<Name, Options, Field = object> = Omit<Panel<Options, Partial<Field>>, 'type' | 'options'> & {
  type: Name;
  options?: Partial<Options>;
};

type OurPanel = PanelOf<'stat', StatOptions> | PanelOf<'timeseries', TimeSeriesOptions, TimeSeriesField> | RowPanel;

/** A dashboard as Grafana's schema has it, of the kinds of panels that we use. */
export type GrafanaDashboard = Written<Omit<Dashboard, 'panels'> & { panels: OurPanel[] }>;
