/** What a machine has and costs. Dollars an hour on demand, without tax, discounts and its disk. */
export interface MachineType {
  vcpus: number;
  onDemand: number;
}

/**
 * On-demand list prices of Compute Engine in us-central1, from cloud.google.com/compute/vm-instance-pricing as of 2025.
 * Only some types: others are given by --vcpus and --price.
 */
export const machineTypes: Record<string, MachineType> = {
  'e2-standard-4': { vcpus: 4, onDemand: 0.134 },
  'n2d-standard-2': { vcpus: 2, onDemand: 0.0845 },
  'n2d-standard-4': { vcpus: 4, onDemand: 0.169 },
  'n2d-standard-8': { vcpus: 8, onDemand: 0.338 },
  't2d-standard-4': { vcpus: 4, onDemand: 0.169 },
  't2d-standard-8': { vcpus: 8, onDemand: 0.338 },
};

/**
 * Spot prices change up to once a day and differ by zone. Google promises 60 to 91 % off (cloud.google.com/spot-vms), so
 * this is the most that they cost; today's goes with --price.
 */
export const SPOT_DISCOUNT = 0.6;
