/**
 * What the delivery pipeline may do in the project: `pulumi up` makes and changes everything, so it has the right to
 * manage each kind of thing that the program has, and no other. Pure.
 */
export const deployerRoles = [
  'roles/artifactregistry.admin',
  'roles/certificatemanager.owner',
  'roles/cloudsql.admin',
  'roles/compute.admin',
  'roles/dns.admin',
  'roles/iam.serviceAccountAdmin',
  'roles/iam.serviceAccountUser',
  'roles/iam.workloadIdentityPoolAdmin',
  'roles/monitoring.admin',
  'roles/pubsub.admin',
  'roles/resourcemanager.projectIamAdmin',
  'roles/run.developer',
  'roles/secretmanager.admin',
  'roles/servicenetworking.networksAdmin',
  'roles/serviceusage.serviceUsageAdmin',
  'roles/storage.admin',
];

/** A preview on a pull request compares the program with the state, and asks Google nothing. */
export const previewerRoles: string[] = [];
