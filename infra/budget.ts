import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

/** Shares of the month's amount at which somebody is told: three of what is spent, one of what the month will come to. */
export const budgetSteps = [
  { thresholdPercent: 0.5, spendBasis: 'CURRENT_SPEND' },
  { thresholdPercent: 0.8, spendBasis: 'CURRENT_SPEND' },
  { thresholdPercent: 1, spendBasis: 'CURRENT_SPEND' },
  { thresholdPercent: 1, spendBasis: 'FORECASTED_SPEND' },
];

export interface BudgetArgs {
  billingAccount: string;
  projectNumber: string;
  amount: number;
  currency: string;
  channels: pulumi.Input<pulumi.Input<string>[]>;
}

/** The first alarm of all: cost. It tells, and stops nothing. */
export class Budget extends pulumi.ComponentResource {
  constructor(name: string, args: BudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:cost:Budget', name, {}, opts);
    new gcp.billing.Budget(
      name,
      {
        billingAccount: args.billingAccount,
        displayName: 'Claqueta',
        budgetFilter: {
          projects: [`projects/${args.projectNumber}`],
          calendarPeriod: 'MONTH',
          creditTypesTreatment: 'INCLUDE_ALL_CREDITS',
        },
        amount: { specifiedAmount: { currencyCode: args.currency, units: String(args.amount) } },
        thresholdRules: budgetSteps,
        allUpdatesRule: {
          monitoringNotificationChannels: args.channels,
          disableDefaultIamRecipients: false,
          enableProjectLevelRecipients: true,
        },
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
