#!/usr/bin/env bash
# Deploys the notes backend: a table, a Python function, and an HTTP API with a route per action.
cd "$(dirname "$0")" && . ../common.sh

say "table"
aws dynamodb create-table --table-name notes --billing-mode PAY_PER_REQUEST \
    --attribute-definitions AttributeName=user,AttributeType=S AttributeName=id,AttributeType=S \
    --key-schema AttributeName=user,KeyType=HASH AttributeName=id,KeyType=RANGE > /dev/null
aws dynamodb wait table-exists --table-name notes

say "function"
ACCOUNT=$(account)
ROLE=$(role notes-role "{\"Version\":\"2012-10-17\",\"Statement\":[$LOGS,
    {\"Effect\":\"Allow\",
     \"Action\":[\"dynamodb:GetItem\",\"dynamodb:PutItem\",\"dynamodb:UpdateItem\",\"dynamodb:DeleteItem\",\"dynamodb:Query\"],
     \"Resource\":\"arn:aws:dynamodb:$AWS_REGION:$ACCOUNT:table/notes\"}]}")
package src "$WORK/notes.zip"
FUNCTION=$(aws lambda create-function --function-name notes --runtime python3.11 \
    --handler app.handler --role "$ROLE" --memory-size 256 --timeout 10 \
    --environment "Variables={TABLE=notes}" \
    --zip-file "fileb://$WORK/notes.zip" --query FunctionArn)
aws lambda wait function-active-v2 --function-name notes

say "api"
API=$(aws apigatewayv2 create-api --name notes --protocol-type HTTP --query ApiId \
    --cors-configuration "AllowOrigins=*,AllowMethods=GET,POST,PUT,DELETE,AllowHeaders=content-type")
INTEGRATION=$(aws apigatewayv2 create-integration --api-id "$API" --integration-type AWS_PROXY \
    --integration-uri "$FUNCTION" --payload-format-version 2.0 --query IntegrationId)
for route in "POST /users/{user}/notes" "GET /users/{user}/notes" "GET /users/{user}/notes/{id}" \
    "PUT /users/{user}/notes/{id}" "DELETE /users/{user}/notes/{id}"; do
    aws apigatewayv2 create-route --api-id "$API" --route-key "$route" \
        --target "integrations/$INTEGRATION" > /dev/null
done
aws apigatewayv2 create-stage --api-id "$API" --stage-name '$default' --auto-deploy \
    --default-route-settings "ThrottlingRateLimit=500,ThrottlingBurstLimit=100" > /dev/null
aws lambda add-permission --function-name notes --statement-id api \
    --action lambda:InvokeFunction --principal apigateway.amazonaws.com \
    --source-arn "arn:aws:execute-api:$AWS_REGION:$ACCOUNT:$API/*" > /dev/null
URL=$(aws apigatewayv2 get-api --api-id "$API" --query ApiEndpoint)
echo
echo "Try:  curl -d '{\"text\":\"milk\"}' $URL/users/ada/notes"
echo "      curl $URL/users/ada/notes"
