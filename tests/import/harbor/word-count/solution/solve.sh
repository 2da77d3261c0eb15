#!/bin/bash
set -e
cp /solution/count.py /workspace/count.py
cd /workspace
python3 count.py data/text.txt >answer.txt
