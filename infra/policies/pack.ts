import { PolicyPack } from '@pulumi/policy';
import { rules } from './rules.ts';

// For `pulumi preview --policy-pack infra/policies`.
new PolicyPack('claqueta', { policies: rules });
