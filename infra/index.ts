import { readConfig } from './config.ts';
import { deploy } from './deploy.ts';

// The Pulumi program: reads the configuration once and deploys. Pulumi makes stack outputs of what is exported.
export const { url, ip, nameServers, image, imageName, databaseInstance, bucket, urlMap, delivery } =
  deploy(readConfig());
