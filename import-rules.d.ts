export interface ImportRule {
  folders?: string[];
  types?: string[];
  packages?: string[];
  node?: boolean;
}
export const importRules: Record<string, ImportRule>;
export const composition: string[];
export const environmentUsers: Record<string, string>;
