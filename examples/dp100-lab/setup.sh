#!/bin/bash
# Runs once as root when the compute instance is created.
set -euo pipefail

sudo -u azureuser -i <<'LAB'
cd /home/azureuser/cloudfiles/code
git clone --depth 1 "${repository}" mslearn-dp100
LAB
