// Both stacks, deployed on a pretended engine and looked at from all sides. In one process: loading Google's classes takes
// longer than any of these tests.
import './deployment/alerts.ts';
import './deployment/cloud-init.ts';
import './deployment/delivery.ts';
import './deployment/edge.ts';
import './deployment/enums.ts';
import './deployment/grants.ts';
import './deployment/mission.ts';
import './deployment/policies.ts';
import './deployment/protos.ts';
import './deployment/review.ts';
import './deployment/rollout.ts';
import './deployment/runbooks.ts';
