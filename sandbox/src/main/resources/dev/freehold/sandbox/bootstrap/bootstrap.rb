# The bootstrap of Ruby functions: waits for a function from the engine, runs it.
#
# The frames are those of bootstrap.mjs.

# What SDKs load is loaded while the environment waits.
require "bigdecimal"
require "digest"
require "json"
require "logger"
require "net/http"
require "openssl"
require "securerandom"
require "socket"
require "stringio"
require "time"
require "uri"

# How events become objects and results answers, which functions may replace, as on AWS.
module AwsLambda
  class Marshaller
    def self.marshall_request(request)
      request["Content-Type"] == "application/json" ? JSON.parse(request.body) : request.body
    end

    def self.marshall_response(result)
      case result
      when StringIO, IO then [result, "application/unknown"]
      else result.to_json
      end
    end
  end
end

# All of the bootstrap's own, out of the way of the function's names.
module FreeholdBootstrap
  MAX_RESPONSE = 6 * 1024 * 1024 + 100
  CONNECTION = UNIXSocket.for_fd(3)
  CONNECTION.close_on_exec = true
  SENDING = Mutex.new
  STATE = { request_id: nil, handler: nil }

  module_function

  def send_frame(type, content = "")
    SENDING.synchronize do
      CONNECTION.write([content.bytesize + 1].pack("N"), type, content)
      CONNECTION.flush
    end
  rescue Errno::EPIPE
    exit!(0)
  end

  def receive
    length = CONNECTION.read(4)&.unpack1("N") or exit!(0)
    frame = CONNECTION.read(length) or exit!(0)
    [frame[0], frame.byteslice(1..)]
  end

  # Sends what is printed, a line at a time.
  class Output < StringIO
    def initialize
      super
      @rest = +""
    end

    def write(*parts)
      text = parts.map(&:to_s).join
      @rest << text.dup.force_encoding(Encoding::UTF_8)
      last = @rest.rindex("\n")
      FreeholdBootstrap.send_frame("L", @rest.slice!(0..last)) if last
      text.bytesize
    end

    def flush
      FreeholdBootstrap.send_frame("L", @rest.slice!(0..)) unless @rest.empty?
      self
    end

    def sync
      true
    end

    def fileno
      1
    end
  end

  # Logs name the request, as AWS's do.
  module LogFormat
    def call(severity, time, progname, message)
      format(
        "%s, [%s #%d] %5s %s -- %s: %s\n",
        severity[0], time.strftime("%Y-%m-%dT%H:%M:%S.%6N"), Process.pid, severity,
        STATE[:request_id], progname, msg2str(message)
      )
    end
  end
  Logger::Formatter.prepend(LogFormat)

  # An event as it came.
  Request = Struct.new(:body, :content_type) do
    def [](header)
      header.to_s.casecmp?("content-type") ? content_type : nil
    end
  end

  # What a handler knows about its invocation.
  class LambdaContext
    attr_reader :aws_request_id, :invoked_function_arn, :log_group_name, :log_stream_name,
                :function_name, :memory_limit_in_mb, :function_version, :identity,
                :client_context, :deadline_ms, :tenant_id

    def initialize(head)
      @aws_request_id = head["requestId"]
      @invoked_function_arn = head["functionArn"]
      @deadline_ms = head["deadline"]
      @client_context = JSON.parse(head["clientContext"]) if head["clientContext"]
      @identity = JSON.parse(head["identity"]) if head["identity"]
      @tenant_id = head["tenantId"]
      @log_group_name = ENV["AWS_LAMBDA_LOG_GROUP_NAME"]
      @log_stream_name = ENV["AWS_LAMBDA_LOG_STREAM_NAME"]
      @function_name = ENV["AWS_LAMBDA_FUNCTION_NAME"]
      @memory_limit_in_mb = ENV["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
      @function_version = ENV["AWS_LAMBDA_FUNCTION_VERSION"]
    end

    def get_remaining_time_in_millis
      [@deadline_ms - (Time.now.to_f * 1000).to_i, 0].max
    end
  end

  def describe(error, kind)
    trace = (error.backtrace || []).reject { |line| line.start_with?(__FILE__) }
    {
      errorMessage: familiar(error.message),
      errorType: "#{kind}<#{error.class}>",
      stackTrace: trace.map { |line| familiar(line) },
    }
  end

  # Ruby follows links: what is in the function's directory is named as its author knows it.
  def familiar(text)
    text = text.dup.force_encoding(Encoding::UTF_8).scrub
    STATE[:real] ? text.gsub(STATE[:real], "#{ENV["LAMBDA_TASK_ROOT"]}/") : text
  end

  # Tells of an error in the log, and gives the JSON for the engine.
  def report(error, kind, where)
    facts = describe(error, kind)
    $stdout.flush
    send_frame("L", "#{where}\n#{JSON.pretty_generate(facts)}\n")
    JSON.generate(facts)
  end

  def gems(root)
    layers = "/opt/ruby/gems"
    versions = [RbConfig::CONFIG["ruby_version"], wanted_version].compact.uniq
    versions.flat_map { |v| ["#{root}/vendor/bundle/ruby/#{v}", "#{layers}/#{v}"] }
  end

  # The version that the function asked for, when this host's is another.
  def wanted_version
    name = ENV["AWS_EXECUTION_ENV"].to_s[/ruby(\d+\.\d+)/, 1]
    name && "#{name}.0"
  end

  # Finds the handler: `file.method` or `file.Module::Class.method`.
  def load_handler(name)
    file, *parts = name.split(".")
    unless parts.length.between?(1, 2)
      raise ArgumentError,
            "Invalid handler #{name.split(".")}, must be of form FILENAME.METHOD or FILENAME.CLASS.METHOD " \
            "where FILENAME corresponds with an existing Ruby source file FILENAME.rb, CLASS is " \
            "an optional module/class namespace and METHOD is a callable method. If using CLASS, " \
            "METHOD must be a class-level method."
    end
    require file # the first place that is looked at is the function's directory
    method = parts.last
    if parts.length == 1
      ->(event, context) { TOPLEVEL_BINDING.receiver.__send__(method, event: event, context: context) }
    else
      owner = parts.first
      ->(event, context) { Kernel.const_get(owner).send(method, event: event, context: context) }
    end
  end

  def init(spec)
    ENV.replace(spec["environment"]) if spec["environment"]
    root = ENV["LAMBDA_TASK_ROOT"]
    Dir.chdir(root)
    STATE[:real] = "#{File.realpath(root)}/"
    $LOAD_PATH.unshift(root, "#{root}/lib", "/opt/ruby/lib")
    Gem.use_paths(Gem.dir, gems(root) + ENV["GEM_PATH"].to_s.split(":") + Gem.default_path)
    STATE[:handler] = load_handler(spec["handler"])
    $stdout.flush
    send_frame("i")
  rescue Exception => e # rubocop:disable Lint/RescueException what the function raises, all of it
    send_frame("i", report(e, "Init", "Init error when loading handler #{spec["handler"]}"))
  end

  def answer(result)
    text, = AwsLambda::Marshaller.marshall_response(result)
    text = text.read if text.respond_to?(:read)
    if text.bytesize > MAX_RESPONSE
      facts = {
        errorType: "Function.ResponseSizeTooLarge",
        errorMessage: "Response payload size exceeded maximum allowed payload size " \
                      "(#{MAX_RESPONSE} bytes).",
      }
      return send_frame("E", JSON.generate(facts))
    end
    $stdout.flush
    send_frame("O", text)
  end

  def invoke(content)
    length = content.unpack1("N")
    head = JSON.parse(content.byteslice(4, length))
    STATE[:request_id] = head["requestId"]
    ENV["_X_AMZN_TRACE_ID"] = head["traceId"] if head["traceId"]
    payload = content.byteslice(4 + length..).force_encoding(Encoding::UTF_8)
    request = Request.new(payload.empty? ? "{}" : payload, "application/json")
    event = AwsLambda::Marshaller.marshall_request(request)
    answer(STATE[:handler].call(event, LambdaContext.new(head)))
  rescue NameError => e # NoMethodError too: as AWS's, it is taken for code that can't go on
    fatal(e)
  rescue StandardError => e
    send_frame("E", report(e, "Function", "Error raised from handler method"))
  rescue Exception => e # rubocop:disable Lint/RescueException the process is not to be trusted
    fatal(e)
  ensure
    STATE[:request_id] = nil
  end

  def fatal(error)
    send_frame("X", report(error, "Function", "Critical exception from handler"))
    exit!(255)
  end

  # Loads and calls a function of its own, unheard, so that no function is the first.
  def warm
    CONNECTION.define_singleton_method(:write) do |_, type = "", *|
      raise "the bootstrap can't run a function" if %w[E X].include?(type)
    end
    root = "#{__dir__}/warm"
    variables = ENV.to_h
    paths = $LOAD_PATH.length
    init(
      "handler" => "warm.FreeholdBootstrap::Warm.handler",
      "environment" => variables.merge("LAMBDA_TASK_ROOT" => root)
    )
    head = JSON.generate(requestId: "warm", functionArn: "", deadline: 0)
    invoke([head.bytesize].pack("N") + head + '{"a":[1,"b",null]}')
    # It stays among the loaded features: to take it out makes Ruby read them all again.
    $LOAD_PATH.shift($LOAD_PATH.length - paths)
    remove_const(:Warm)
    ENV.replace(variables)
    Dir.chdir("/tmp")
    STATE.update(handler: nil, real: nil)
  ensure
    CONNECTION.singleton_class.remove_method(:write)
  end

  def serve
    $stdout = $stderr = Output.new
    warm
    send_frame("R")
    loop do
      type, content = receive
      case type
      when "I" then init(JSON.parse(content))
      when "V" then invoke(content)
      end
    end
  end
end

FreeholdBootstrap.serve
