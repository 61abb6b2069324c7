#!/usr/bin/env bash
# Deploys the photo pipeline. LISTENER is the URL of the HTTP endpoint to tell; without it only the
# queue is told.
cd "$(dirname "$0")" && . ../common.sh
BUCKET="${BUCKET:-photos}"

say "packages"
cp -r src "$WORK/src"
if command -v npm > /dev/null; then
    (cd "$WORK/src" && npm install --omit=dev --no-audit --no-fund --silent)
else
    echo "npm is not here: PNG works, JPEG needs 'npm install' (on Debian: apt-get install npm)"
fi
package "$WORK/src" "$WORK/photos.zip"

say "bucket, table, topic, queue"
if [ "$AWS_REGION" = us-east-1 ]; then
    aws s3api create-bucket --bucket "$BUCKET" > /dev/null
else
    aws s3api create-bucket --bucket "$BUCKET" \
        --create-bucket-configuration "LocationConstraint=$AWS_REGION" > /dev/null
fi
aws dynamodb create-table --table-name photos --billing-mode PAY_PER_REQUEST \
    --attribute-definitions AttributeName=photo,AttributeType=S \
    --key-schema AttributeName=photo,KeyType=HASH > /dev/null
aws dynamodb wait table-exists --table-name photos
TOPIC=$(aws sns create-topic --name photos --query TopicArn)
QUEUE_URL=$(aws sqs create-queue --queue-name photos --query QueueUrl)
QUEUE=$(aws sqs get-queue-attributes --queue-url "$QUEUE_URL" --attribute-names QueueArn \
    --query Attributes.QueueArn)
cat > "$WORK/attributes.json" <<JSON
{"Policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"sns.amazonaws.com\"},\"Action\":\"sqs:SendMessage\",\"Resource\":\"$QUEUE\",\"Condition\":{\"ArnEquals\":{\"aws:SourceArn\":\"$TOPIC\"}}}]}"}
JSON
aws sqs set-queue-attributes --queue-url "$QUEUE_URL" --attributes "file://$WORK/attributes.json"
aws sns subscribe --topic-arn "$TOPIC" --protocol sqs --notification-endpoint "$QUEUE" > /dev/null
if [ -n "${LISTENER:-}" ]; then
    aws sns subscribe --topic-arn "$TOPIC" --protocol http --notification-endpoint "$LISTENER" > /dev/null
fi

say "function"
ACCOUNT=$(account)
ROLE=$(role photos-role "{\"Version\":\"2012-10-17\",\"Statement\":[$LOGS,
    {\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"s3:PutObject\"],\"Resource\":\"arn:aws:s3:::$BUCKET/*\"},
    {\"Effect\":\"Allow\",\"Action\":\"dynamodb:PutItem\",\"Resource\":\"arn:aws:dynamodb:$AWS_REGION:$ACCOUNT:table/photos\"},
    {\"Effect\":\"Allow\",\"Action\":\"sns:Publish\",\"Resource\":\"$TOPIC\"}]}")
FUNCTION=$(aws lambda create-function --function-name photos --runtime nodejs22.x \
    --handler index.handler --role "$ROLE" --memory-size 256 --timeout 15 \
    --environment "Variables={TABLE=photos,TOPIC=$TOPIC}" \
    --zip-file "fileb://$WORK/photos.zip" --query FunctionArn)
aws lambda wait function-active-v2 --function-name photos
aws lambda add-permission --function-name photos --statement-id s3 \
    --action lambda:InvokeFunction --principal s3.amazonaws.com \
    --source-arn "arn:aws:s3:::$BUCKET" --source-account "$ACCOUNT" > /dev/null

say "notification"
cat > "$WORK/notification.json" <<JSON
{"LambdaFunctionConfigurations": [{
    "LambdaFunctionArn": "$FUNCTION",
    "Events": ["s3:ObjectCreated:*"],
    "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "uploads/"}]}}}]}
JSON
aws s3api put-bucket-notification-configuration --bucket "$BUCKET" \
    --notification-configuration "file://$WORK/notification.json"
echo
echo "Try:  aws --endpoint-url $ENDPOINT s3 cp picture.png s3://$BUCKET/uploads/"
echo "      aws --endpoint-url $ENDPOINT dynamodb scan --table-name photos"
echo "      aws --endpoint-url $ENDPOINT sqs receive-message --queue-url $QUEUE_URL"
