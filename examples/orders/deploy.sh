#!/usr/bin/env bash
# Deploys the order pipeline: API -> queue -> worker, with retries and a dead-letter queue.
cd "$(dirname "$0")" && . ../common.sh
ACCOUNT=$(account)

say "queues and table"
DEAD_URL=$(aws sqs create-queue --queue-name orders-dead --query QueueUrl)
DEAD="arn:aws:sqs:$AWS_REGION:$ACCOUNT:orders-dead"
cat > "$WORK/attributes.json" <<JSON
{"VisibilityTimeout": "${VISIBILITY:-10}",
 "RedrivePolicy": "{\"deadLetterTargetArn\":\"$DEAD\",\"maxReceiveCount\":\"3\"}"}
JSON
QUEUE_URL=$(aws sqs create-queue --queue-name orders --attributes "file://$WORK/attributes.json" \
    --query QueueUrl)
QUEUE="arn:aws:sqs:$AWS_REGION:$ACCOUNT:orders"
aws dynamodb create-table --table-name orders --billing-mode PAY_PER_REQUEST \
    --attribute-definitions AttributeName=id,AttributeType=S \
    --key-schema AttributeName=id,KeyType=HASH > /dev/null
aws dynamodb wait table-exists --table-name orders

say "functions"
API_ROLE=$(role orders-api-role "{\"Version\":\"2012-10-17\",\"Statement\":[$LOGS,
    {\"Effect\":\"Allow\",\"Action\":\"sqs:SendMessage\",\"Resource\":\"$QUEUE\"}]}")
WORKER_ROLE=$(role orders-worker-role "{\"Version\":\"2012-10-17\",\"Statement\":[$LOGS,
    {\"Effect\":\"Allow\",\"Action\":[\"sqs:ReceiveMessage\",\"sqs:DeleteMessage\",\"sqs:GetQueueAttributes\"],\"Resource\":\"$QUEUE\"},
    {\"Effect\":\"Allow\",\"Action\":\"dynamodb:PutItem\",\"Resource\":\"arn:aws:dynamodb:$AWS_REGION:$ACCOUNT:table/orders\"}]}")
package api "$WORK/api.zip"
package worker "$WORK/worker.zip"
API=$(aws lambda create-function --function-name orders-api --runtime nodejs22.x \
    --handler index.handler --role "$API_ROLE" --environment "Variables={QUEUE_URL=$QUEUE_URL}" \
    --zip-file "fileb://$WORK/api.zip" --query FunctionArn)
aws lambda create-function --function-name orders-worker --runtime python3.11 \
    --handler worker.handler --role "$WORKER_ROLE" --timeout 5 \
    --environment "Variables={TABLE=orders}" --zip-file "fileb://$WORK/worker.zip" > /dev/null
aws lambda wait function-active-v2 --function-name orders-api
aws lambda wait function-active-v2 --function-name orders-worker

say "event source and api"
aws lambda create-event-source-mapping --function-name orders-worker --event-source-arn "$QUEUE" \
    --batch-size 10 --function-response-types ReportBatchItemFailures > /dev/null
URL=$(http_api orders "$API")
echo
echo "Try:  curl -d '{\"item\":\"book\"}' $URL/"
echo "      aws --endpoint-url $ENDPOINT dynamodb scan --table-name orders"
echo "      aws --endpoint-url $ENDPOINT sqs receive-message --queue-url $DEAD_URL"
