#!/usr/bin/env bash
# Deploys the function `hello` and an HTTP API before it.
cd "$(dirname "$0")" && . ../common.sh

say "role"
ROLE=$(role hello-role "{\"Version\":\"2012-10-17\",\"Statement\":[$LOGS]}")

say "function"
package src "$WORK/hello.zip"
FUNCTION=$(aws lambda create-function --function-name hello --runtime nodejs22.x \
    --handler index.handler --role "$ROLE" --zip-file "fileb://$WORK/hello.zip" --query FunctionArn)
aws lambda wait function-active-v2 --function-name hello

say "api"
URL=$(http_api hello "$FUNCTION")
echo
echo "Try:  curl '$URL/?name=Ada'"
